package dev.lanyard.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the wrapper and a driver: notes each call that reaches the driver, and lets a test
 * do something at the moment before one or after one. Calls are named by method alone.
 */
final class Spy {
  /** What is watched: the interface of the method's return type decides. */
  private static final Set<Class<?>> WATCHED =
      Set.of(
          Connection.class,
          Statement.class,
          PreparedStatement.class,
          CallableStatement.class,
          ResultSet.class,
          DatabaseMetaData.class);

  private final DataSource watched;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Step> before = new ConcurrentHashMap<>();
  private final Map<String, Step> after = new ConcurrentHashMap<>();

  private Spy(DataSource driver) {
    watched = watch(DataSource.class, driver);
  }

  static Spy on(DataSource driver) {
    return new Spy(driver);
  }

  DataSource dataSource() {
    return watched;
  }

  /** Names of the methods that reached the driver so far, in their order. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  void forget() {
    calls.clear();
  }

  /** Once, on the calling thread, at the next call of that method. */
  Spy before(String method, Step step) {
    before.put(method, step);
    return this;
  }

  /** Once, on the calling thread, when the driver has returned from that method. */
  Spy after(String method, Step step) {
    after.put(method, step);
    return this;
  }

  private <T> T watch(Class<T> type, T driver) {
    return type.cast(
        Proxy.newProxyInstance(
            Spy.class.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> call(driver, method, arguments)));
  }

  private @Nullable Object call(
      Object driver, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class) return method.invoke(driver, arguments);
    calls.add(method.getName());
    run(before.remove(method.getName()));
    Object result;
    try {
      result = method.invoke(driver, arguments);
    } catch (InvocationTargetException failed) {
      throw failed.getCause();
    }
    run(after.remove(method.getName()));
    return result == null || method.getName().equals("unwrap")
        ? result
        : watchIfWanted(method.getReturnType(), result);
  }

  private static void run(@Nullable Step step) throws Exception {
    if (step != null) step.run();
  }

  private <T> Object watchIfWanted(Class<T> type, Object result) {
    return WATCHED.contains(type) ? watch(type, type.cast(result)) : result;
  }

  /** Part of a test. */
  interface Step {
    void run() throws Exception;
  }
}
