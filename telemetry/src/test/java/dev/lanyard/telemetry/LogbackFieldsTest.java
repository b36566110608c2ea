package dev.lanyard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import dev.lanyard.http.RequestId;
import dev.lanyard.http.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The logging of this process and its fields belong to all. */
@Isolated
class LogbackFieldsTest {
  private static final Key<String> USER = Key.of("user");
  private static final String PATTERN =
      "%msg [%X{requestId}] [%X{traceId}] [%X{spanId}] [%X{user}]%nopex";

  private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger log = loggers.getLogger(LogbackFieldsTest.class);
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender = appender();
  private final TraceContext trace = TraceContext.newRoot();
  private final Context ctx =
      Context.background()
          .withValue(RequestId.KEY, "r7")
          .withValue(TraceContext.KEY, trace)
          .withValue(USER, "Ada");
  private final String ids = "[r7] [" + trace.traceId() + "] [" + trace.spanId() + "] ";

  private AppenderBase<ILoggingEvent> appender() {
    var layout = new PatternLayout();
    layout.setContext(loggers);
    layout.setPattern(PATTERN);
    layout.start();
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent line) {
            lines.add(layout.doLayout(line));
          }
        };
    appender.setContext(loggers);
    appender.start();
    return appender;
  }

  @BeforeEach
  void begin() {
    log.setAdditive(false);
    log.setLevel(Level.INFO);
    log.addAppender(appender);
  }

  @AfterEach
  void end() {
    log.detachAndStopAllAppenders();
    LogFields.standard().install();
    MDC.clear();
  }

  @Test
  void isInstalledByItselfAndSaysNothingAboutIt() {
    assertThat(loggers.getMDCAdapter()).isInstanceOf(FieldsOverMdc.class);
    assertThat(loggers.getStatusManager().getCopyOfStatusList())
        .noneMatch(status -> status.getMessage().contains("mdcAdapter"));
    Object adapter = loggers.getMDCAdapter();
    LogbackFields.install(loggers);
    assertThat(loggers.getMDCAdapter()).isSameAs(adapter);
  }

  @Test
  void everyLineOnEveryThreadHasTheIdsOfItsContext() throws Exception {
    ctx.run(() -> log.info("main"));
    Thread.ofVirtual().start(ctx.wrap(() -> log.info("virtual"))).join();
    Thread.ofPlatform().start(ctx.wrap(() -> log.info("platform"))).join();
    log.info("outside");
    assertThat(lines)
        .containsExactly(
            "main " + ids + "[]",
            "virtual " + ids + "[]",
            "platform " + ids + "[]",
            "outside [] [] [] []");
  }

  @Test
  void anAsynchronousAppenderWritesTheIdsOfTheThreadThatLogged() {
    var async = new AsyncAppender();
    async.setContext(loggers);
    async.addAppender(appender);
    async.setMaxFlushTime(0); // waits for as long as it takes; else for a second
    async.start();
    log.detachAppender(appender);
    log.addAppender(async);
    ctx.run(() -> log.info("async"));
    async.stop(); // waits for what is queued
    assertThat(lines).containsExactly("async " + ids + "[]");
  }

  @Test
  void whatTheProgramPutsWinsAndIsItsOwnToTakeAway() {
    ctx.run(() -> {
      MDC.put("requestId", "mine");
      log.info("put");
      MDC.remove("requestId");
      log.info("removed");
      assertThat(MDC.get("requestId")).isNull();
    });
    assertThat(lines.getFirst()).startsWith("put [mine] [" + trace.traceId());
    assertThat(lines.getLast()).isEqualTo("removed " + ids + "[]");
  }

  @Test
  void fieldsOfOnesOwnAreAdded() {
    LogFields.standard().with("user", USER).install();
    ctx.run(() -> log.info("own"));
    LogFields.none().install();
    ctx.run(() -> log.info("none"));
    assertThat(lines).containsExactly("own " + ids + "[Ada]", "none [] [] [] []");
  }

  @Test
  void aFieldThatFailsCostsItselfAndNotTheLine() {
    LogFields.standard()
        .with(
            "user",
            USER,
            _ -> {
              throw new IllegalStateException();
            })
        .install();
    ctx.run(() -> log.info("line"));
    assertThat(lines).containsExactly("line " + ids + "[]");
  }

  @Test
  void theSpanThatALibraryMadeCurrentIsTheOneThatIsWritten() {
    var traces = new Traces();
    Span span = traces.tracer().spanBuilder("library").setNoParent().startSpan();
    ctx.run(() -> {
      try (Scope _ = span.makeCurrent()) {
        log.info("inside");
      }
      log.info("after");
    });
    var own = span.getSpanContext();
    assertThat(lines)
        .containsExactly(
            "inside [r7] [" + own.getTraceId() + "] [" + own.getSpanId() + "] []",
            "after " + ids + "[]");
  }

  @Test
  void aThreadThatOpenTelemetryServesHasTheIdsToo() throws Exception {
    var traces = new Traces();
    var captured =
        ctx.<io.opentelemetry.context.Context, RuntimeException>call(
            io.opentelemetry.context.Context::current);
    assertThat(traces.finished()).isEmpty();
    var done = new CompletableFuture<Boolean>();
    Thread.startVirtualThread(
        captured.wrap(() -> {
          log.info("theirs");
          done.complete(true);
        }));
    assertThat(Objects.requireNonNull(done.get())).isTrue();
    assertThat(lines).containsExactly("theirs " + ids + "[]");
  }
}
