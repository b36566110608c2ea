/** A data source whose connections, statements and result sets stop with a context. */
module dev.lanyard.jdbc {
  requires transitive dev.lanyard.context;
  requires transitive java.sql;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.lanyard.jdbc;
}
