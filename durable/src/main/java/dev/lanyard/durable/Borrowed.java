package dev.lanyard.durable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is lent to db-scheduler: it can be neither committed nor closed by who has it,
 * and its statements are kept for the next time. Closing it does what the lender wants.
 */
final class Borrowed {
  private Borrowed() {}

  static Connection of(Session session, Runnable onClose) {
    return proxy(
        Connection.class,
        (method, arguments) ->
            switch (method.getName()) {
              case "close" -> {
                onClose.run();
                yield null;
              }
              case "commit", "rollback", "setAutoCommit" -> null;
              // Who sees auto-commit on leaves the transaction alone.
              case "getAutoCommit" -> true;
              case "isClosed" -> false;
              case "prepareStatement" -> {
                if (arguments.length != 1) yield call(method, session.connection(), arguments);
                yield statement(session.prepare(String.valueOf(arguments[0])));
              }
              default -> call(method, session.connection(), arguments);
            });
  }

  private static PreparedStatement statement(PreparedStatement kept) {
    return proxy(
        PreparedStatement.class,
        (method, arguments) ->
            method.getName().equals("close") ? null : call(method, kept, arguments));
  }

  private interface Handler {
    @Nullable Object call(Method method, @Nullable Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    Object proxy =
        Proxy.newProxyInstance(
            Borrowed.class.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) ->
                handler.call(method, arguments == null ? new Object[0] : arguments));
    return type.cast(proxy);
  }

  private static @Nullable Object call(Method method, Object target, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause() == null ? thrown : thrown.getCause();
    }
  }
}
