package dev.lanyard.jdbc;

import dev.lanyard.context.Context;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.SQLXML;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Large objects, whose content a driver asks the database for, or reads from a file, when it is
 * wanted: shielded from interrupts like every call of a driver. They do not end with a context, as
 * the other columns of a row that was read do not.
 *
 * <p>{@link Delegates} sends what getters return through the methods named {@code of}, and calls
 * behind a shield what may move the content itself.
 */
final class ShieldedLob implements InvocationHandler {
  /** What is shielded when a method of a driver returns it. */
  static final Set<Class<?>> TYPES =
      Set.of(Blob.class, Clob.class, NClob.class, InputStream.class, Reader.class);

  private final Object driver;

  /**
   * Whether a method may read or write the content of a large object before it returns. The columns
   * of H2 may be such objects, whatever getter asks for them, and so may what is set as an object.
   */
  static boolean mayMoveContent(Method method) {
    for (Class<?> type : method.getParameterTypes()) {
      if (TYPES.contains(type) || type == Object.class || type == SQLXML.class) return true;
    }
    Class<?> result = method.getReturnType();
    if (TYPES.contains(result) || result == SQLXML.class) return true;
    return method.getName().startsWith("get")
        && method.getParameterCount() > 0
        && (result == String.class || result == byte[].class);
  }

  private ShieldedLob(Object driver) {
    this.driver = driver;
  }

  static @Nullable Blob of(@Nullable Blob driver) {
    return driver == null ? null : proxy(Blob.class, driver);
  }

  static @Nullable Clob of(@Nullable Clob driver) {
    return driver == null ? null : proxy(Clob.class, driver);
  }

  static @Nullable NClob of(@Nullable NClob driver) {
    return driver == null ? null : proxy(NClob.class, driver);
  }

  static @Nullable InputStream of(@Nullable InputStream driver) {
    return driver == null ? null : new ShieldedStreams.Input(driver);
  }

  static @Nullable Reader of(@Nullable Reader driver) {
    return driver == null ? null : new ShieldedStreams.Characters(driver);
  }

  /** Whatever a getter of objects returns: itself if it is no large object. */
  static @Nullable Object of(@Nullable Object value) {
    return switch (value) {
      case Blob blob -> of(blob);
      case NClob clob -> of(clob);
      case Clob clob -> of(clob);
      case InputStream in -> of(in);
      case Reader in -> of(in);
      case null, default -> value;
    };
  }

  private static <T> T proxy(Class<T> type, T driver) {
    return type.cast(
        Proxy.newProxyInstance(
            ShieldedLob.class.getClassLoader(), new Class<?>[] {type}, new ShieldedLob(driver)));
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    if (method.getName().equals("equals") && arguments != null) return proxy == arguments[0];
    try {
      return streams(
          Context.<@Nullable Object, ReflectiveOperationException>shielded(
              () -> method.invoke(driver, arguments)));
    } catch (InvocationTargetException failed) {
      throw failed.getCause() == null ? failed : failed.getCause();
    }
  }

  private static @Nullable Object streams(@Nullable Object result) {
    return switch (result) {
      case OutputStream out -> new ShieldedStreams.Output(out);
      case Writer out -> new ShieldedStreams.Text(out);
      case null, default -> of(result);
    };
  }
}
