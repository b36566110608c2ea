package dev.lanyard.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.databases.Postgres;
import dev.lanyard.testing.Eventually;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Large objects are asked for piece by piece. An interrupt in the middle would close the socket of
 * a virtual thread, or the file of an H2 database.
 */
class ShieldedLobTest {
  private static final int LENGTH = 200_000;

  @Test
  @DisplayName("PostgreSQL: a large object is read and written to its end on an interrupted thread")
  void blob() throws Exception {
    ContextDataSource wrapped =
        ContextDataSource.wrap(Postgres.shared().dataSource("large-objects"));
    try (CancellableContext context = Context.background().withCancel();
        Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      ResultSet row =
          statement.executeQuery("select lo_from_bytea(0, decode(repeat('ab', 200000), 'hex'))");
      assertThat(row.next()).isTrue();
      Blob blob = row.getBlob(1);
      onAnInterruptedThread(
          context,
          () -> {
            assertThat(blob.getBinaryStream().readAllBytes()).hasSize(LENGTH);
            assertThat(blob.getBytes(1, 10)).hasSize(10);
            try (var out = blob.setBinaryStream(LENGTH + 1)) {
              out.write(new byte[] {1, 2, 3});
            }
            assertThat(blob.length()).isEqualTo(LENGTH + 3);
          });
      assertThat(connection.isValid(5)).as("the connection is alive").isTrue();
      connection.rollback();
    }
  }

  @Test
  @DisplayName("H2 in a file: a large text is read to its end on an interrupted thread")
  void clob() throws Exception {
    ContextDataSource wrapped = ContextDataSource.wrap(Database.H2_FILE.empty());
    try (CancellableContext context = Context.background().withCancel();
        Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table page (text clob)");
      try (PreparedStatement insert = connection.prepareStatement("insert into page values (?)")) {
        insert.setClob(1, new StringReader("x".repeat(LENGTH)));
        insert.executeUpdate();
        Clob own = connection.createClob();
        own.setString(1, "y");
        insert.setClob(1, own); // what was wrapped is given back to the driver
        insert.executeUpdate();
      }
      ResultSet rows = statement.executeQuery("select text, text, text, text from page order by 1");
      assertThat(rows.next()).isTrue();
      Clob clob = rows.getClob(1);
      onAnInterruptedThread(
          context,
          () -> {
            var read = new StringWriter();
            clob.getCharacterStream().transferTo(read);
            rows.getCharacterStream(2).transferTo(read);
            ((Clob) rows.getObject(3)).getCharacterStream().transferTo(read);
            rows.getObject(4, Clob.class).getCharacterStream().transferTo(read);
            assertThat(read.toString()).hasSize(4 * LENGTH);
          });
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("y");
      assertThat(rows.getBlob(1)).isNotNull();
    }
  }

  @Test
  @DisplayName("H2 in a file: getters read large texts, and setters write them, on such a thread")
  void movedAtOnce() throws Exception {
    ContextDataSource wrapped = ContextDataSource.wrap(Database.H2_FILE.empty());
    try (CancellableContext context = Context.background().withCancel();
        Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table page (text clob, data blob)");
      try (PreparedStatement insert =
          connection.prepareStatement("insert into page values (?, ?)")) {
        onAnInterruptedThread(
            context,
            () -> {
              insert.setClob(1, new StringReader("x".repeat(LENGTH)));
              insert.setBinaryStream(2, new ByteArrayInputStream(new byte[LENGTH]));
            });
        insert.executeUpdate();
      }
    }
    // Opened anew, so that nothing of the file is in memory.
    try (CancellableContext context = Context.background().withCancel();
        Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select text, data from page")) {
      assertThat(row.next()).isTrue();
      onAnInterruptedThread(
          context,
          () -> {
            assertThat(row.getString(1)).hasSize(LENGTH);
            assertThat(row.getBytes("data")).hasSize(LENGTH);
          });
      assertThat(statement.executeQuery("select 42").next()).isTrue();
    }
  }

  @Test
  @DisplayName("Whatever may move a large object sees no interrupt")
  void seesNoInterrupt() throws Exception {
    Set<String> interrupted = ConcurrentHashMap.newKeySet();
    Connection driver = watching(Connection.class, interrupted);
    try (CancellableContext context = Context.background().withCancel();
        Connection connection = wrap(driver);
        CallableStatement call = connection.prepareCall("{call it}");
        ResultSet row = call.executeQuery()) {
      onAnInterruptedThread(
          context,
          () -> {
            read(row);
            row.updateClob(1, new StringReader("x"));
            row.updateBinaryStream("it", InputStream.nullInputStream(), 1);
            row.updateObject(1, "x");
            write(call);
            assertThat(call.getString("it")).isNull();
            assertThat(call.getClob(1)).isNull();
            assertThat(connection.createClob()).isNull();
            assertThat(row.getInt(1)).isZero();
          });
      assertThat(interrupted).as("what reads from memory").containsExactly("getInt");
    }
  }

  private static void read(ResultSet row) throws SQLException {
    List<@Nullable Object> read =
        Arrays.asList(
            row.getString(1),
            row.getString("it"),
            row.getNString(1),
            row.getBytes("it"),
            row.getBlob("it"),
            row.getClob(1),
            row.getNClob(1),
            row.getSQLXML(1),
            row.getCharacterStream("it"),
            row.getNCharacterStream(1),
            row.getAsciiStream(1),
            row.getBinaryStream(1),
            row.getObject(1),
            row.getObject("it", String.class));
    assertThat(read).containsOnlyNulls();
  }

  private static void write(PreparedStatement statement) throws SQLException {
    statement.setClob(1, new StringReader("x"));
    statement.setBlob(1, InputStream.nullInputStream(), 1);
    statement.setCharacterStream(1, new StringReader("x"), 1);
    statement.setBinaryStream(1, InputStream.nullInputStream());
    statement.setObject(1, "x", Types.CLOB);
    statement.setSQLXML(1, null);
  }

  /** Notes which methods were called on an interrupted thread, and answers with nothing. */
  private static <T> T watching(Class<T> type, Set<String> interrupted) {
    return type.cast(
        Proxy.newProxyInstance(
            ShieldedLobTest.class.getClassLoader(),
            new Class<?>[] {type},
            (_, method, _) -> {
              if (Thread.currentThread().isInterrupted()) interrupted.add(method.getName());
              Class<?> result = method.getReturnType();
              if (result == CallableStatement.class || result == ResultSet.class) {
                return watching(result, interrupted);
              }
              if (result == boolean.class) return false;
              return result == int.class ? (Object) 0 : null;
            }));
  }

  @Test
  @DisplayName("Whoever asks for an object by a type of the driver's own gets that")
  void ownType() throws Exception {
    OwnBlob own = fake(OwnBlob.class, "length", 7L);
    Connection driver =
        fake(Connection.class, "prepareCall", fake(CallableStatement.class, "getObject", own));
    Connection rowsDriver =
        fake(
            Connection.class,
            "createStatement",
            fake(Statement.class, "executeQuery", fake(ResultSet.class, "getObject", own)));
    try (Connection connection = wrap(driver);
        CallableStatement call = connection.prepareCall("{call it}")) {
      assertThat(call.getObject(1, OwnBlob.class)).isSameAs(own);
      assertThat(call.getObject("it", Blob.class)).isNotSameAs(own);
      assertThat(call.getObject("it", Blob.class).length()).isEqualTo(7);
    }
    try (Connection connection = wrap(rowsDriver);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select it")) {
      assertThat(row.getObject(1, OwnBlob.class)).isSameAs(own);
      assertThat(row.getObject("it", Blob.class)).isNotSameAs(own);
      assertThat(row.getObject("it", Blob.class).length()).isEqualTo(7);
    }
  }

  private interface OwnBlob extends Blob {}

  private static Connection wrap(Connection driver) throws Exception {
    return ContextDataSource.wrap(fake(DataSource.class, "getConnection", driver)).getConnection();
  }

  /** Answers one method, and false to whatever asks for a boolean. */
  private static <T> T fake(Class<T> type, String answered, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            ShieldedLobTest.class.getClassLoader(),
            new Class<?>[] {type},
            (_, method, _) -> {
              if (method.getName().equals(answered)) return answer;
              return method.getReturnType() == boolean.class ? (Object) false : null;
            }));
  }

  private static void onAnInterruptedThread(CancellableContext context, Work work) {
    var done = new CompletableFuture<Boolean>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            done.complete(
                context.<Boolean, Exception>callInterruptibly(() -> {
                  context.cancel();
                  Eventually.holds("it is interrupted", Thread.currentThread()::isInterrupted);
                  work.run();
                  return Thread.currentThread().isInterrupted();
                }));
          } catch (Throwable failed) {
            done.completeExceptionally(failed);
          }
        });
    assertThat(done.orTimeout(50, TimeUnit.SECONDS).join()).as("it stays interrupted").isTrue();
  }

  private interface Work {
    void run() throws Exception;
  }
}
