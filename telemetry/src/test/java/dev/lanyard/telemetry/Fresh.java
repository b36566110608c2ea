package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import dev.lanyard.http.TraceContext;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** Runs a program as if in a new process, that has our modules and only some libraries. */
final class Fresh {
  private Fresh() {}

  /**
   * @param program is loaded anew; has a constructor without parameters
   * @param libraries a class out of each
   */
  static String run(Class<? extends Callable<String>> program, Class<?>... libraries)
      throws Exception {
    URL[] path =
        Stream.concat(
                Stream.of(Context.class, TraceContext.class, CurrentContext.class, program),
                Stream.of(libraries))
            .map(Fresh::home)
            .distinct()
            .toArray(URL[]::new);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (var loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(loader); // by which libraries look for services
      Object fresh =
          loader.loadClass(program.getName()).getDeclaredConstructor().newInstance();
      return (String) ((Callable<?>) fresh).call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The jar or the folder that a class is in. */
  private static URL home(Class<?> type) {
    String path = type.getName().replace('.', '/') + ".class";
    String name = path.substring(path.lastIndexOf('/') + 1);
    String url = Objects.requireNonNull(type.getResource(name)).toString();
    String home = url.substring(0, url.length() - path.length());
    if (home.startsWith("jar:")) home = home.substring("jar:".length(), home.length() - "!/".length());
    try {
      return URI.create(home).toURL();
    } catch (MalformedURLException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
