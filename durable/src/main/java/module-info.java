/** Tasks in a database: on SQLite, and on PostgreSQL for many machines. */
module dev.lanyard.durable {
  requires transitive dev.lanyard.tasks;
  requires transitive java.sql;
  requires com.github.kagkarlsson.scheduler;
  requires com.zaxxer.hikari;
  requires flyway.core;
  requires org.postgresql.jdbc;
  requires org.slf4j;
  requires org.xerial.sqlitejdbc;
  requires tools.jackson.databind;
  requires static com.google.errorprone.annotations;
  requires static org.checkerframework.checker.qual;
  requires static transitive org.jspecify;

  exports dev.lanyard.durable;
}
