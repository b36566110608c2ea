package dev.lanyard.testing;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Gives each JUnit test a context of its own that ends with the test, and fails the test if
 * something outlives it.
 *
 * {@snippet :
 * @ExtendWith(ContextExtension.class)
 * class ServerTest {
 *   private final Server server;
 *
 *   ServerTest(Context ctx) {
 *     server = Server.start(ctx);
 *   }
 *
 *   @Test
 *   void answers(Context ctx) {
 *     assertThat(server.ask(ctx, "six times nine")).isEqualTo("42");
 *   }
 *
 *   @AfterEach
 *   void serverStopsWithItsContext() throws InterruptedException {
 *     server.awaitStopped(); // the context has ended by now
 *   }
 * }
 * }
 *
 * <p><b>Parameters.</b> {@link Context} or {@link CancellableContext}: one and the same for the
 * test method, the lifecycle methods around it and the constructor. It has no deadline. {@link
 * ManualTime}: the clock that this context then lives on; it is taken where the first context is
 * taken, or by the test method.
 *
 * <p><b>Life.</b> The context ends just before the {@code @AfterEach} methods run, so that these
 * can wait for what the test has started. After them, the test fails if a context derived from the
 * injected one, through {@link Context#withoutCancel()}, is still listened to, or if a timer is
 * still armed. Threads that are just ending get a second of real time for it.
 *
 * <p><b>Threads.</b> Tests may run in parallel: nothing is shared between them.
 *
 * @since 0.1
 */
public final class ContextExtension
    implements ParameterResolver,
        InvocationInterceptor,
        AfterTestExecutionCallback,
        AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(ContextExtension.class);
  private static final Set<Class<?>> TYPES =
      Set.of(Context.class, CancellableContext.class, ManualTime.class);

  /** For JUnit. */
  public ContextExtension() {}

  /** With this, a constructor sees the test that its object is made for. */
  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(
      ExtensionContext rootContext) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return TYPES.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    if (test.getTestMethod().isEmpty()) {
      throw new ParameterResolutionException(
          "a Context belongs to one test, and there is none here: take it in a test method, in"
              + " @BeforeEach or @AfterEach, or in the constructor of a class that is made anew for"
              + " each test");
    }
    InjectedContext injected = injected(test);
    if (injected == null) {
      injected = InjectedContext.create(takesManualTime(parameter, test));
      test.getStore(NAMESPACE).put(InjectedContext.class, injected);
    }
    return parameter.getParameter().getType() == ManualTime.class
        ? injected.time()
        : injected.context();
  }

  private static boolean takesManualTime(ParameterContext parameter, ExtensionContext test) {
    return Stream.of(parameter.getDeclaringExecutable(), test.getRequiredTestMethod())
        .flatMap(each -> Stream.of(each.getParameterTypes()))
        .anyMatch(type -> type == ManualTime.class);
  }

  private static @Nullable InjectedContext injected(ExtensionContext test) {
    return test.getStore(NAMESPACE).get(InjectedContext.class, InjectedContext.class);
  }

  @Override
  public void afterTestExecution(ExtensionContext test) {
    end(test);
  }

  /** Also where {@code @BeforeEach} failed, so that there was no test to come after. */
  @Override
  public void interceptAfterEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext test)
      throws Throwable {
    end(test);
    invocation.proceed();
  }

  private static void end(ExtensionContext test) {
    InjectedContext injected = injected(test);
    if (injected != null) injected.close();
  }

  /**
   * Ends the context, if nothing has yet, and looks for what is left.
   *
   * @throws AssertionError if there is something
   */
  @Override
  public void afterEach(ExtensionContext test) throws InterruptedException {
    InjectedContext injected = injected(test);
    if (injected == null) return;
    injected.close();
    injected.checkNothingIsLeft();
  }
}
