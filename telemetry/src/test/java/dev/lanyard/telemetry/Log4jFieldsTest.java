package dev.lanyard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.http.RequestId;
import dev.lanyard.http.TraceContext;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AsyncAppender;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("reads the installed fields")
class Log4jFieldsTest {
  private final CountDownLatch written = new CountDownLatch(1);
  private final StringWriter text =
      new StringWriter() {
        @Override
        public void flush() {
          written.countDown();
        }
      };
  private final LoggerContext loggers = new LoggerContext("test");
  private final TraceContext trace = TraceContext.newRoot();
  private final Context ctx =
      Context.background().withValue(RequestId.KEY, "r7").withValue(TraceContext.KEY, trace);

  private Logger logger(boolean async) {
    var configuration = new DefaultConfiguration();
    var layout =
        PatternLayout.newBuilder()
            .setPattern("%m [%X{requestId}] [%X{traceId}] [%X{spanId}]%n")
            .build();
    // Appenders of the same name share what they write to, also across contexts.
    String name = "writer-" + trace.spanId();
    var writer = WriterAppender.createAppender(layout, null, text, name, false, true);
    configuration.addAppender(writer);
    String used = name;
    if (async) {
      var queue =
          AsyncAppender.newBuilder()
              .setName("async")
              .setConfiguration(configuration)
              .setAppenderRefs(new AppenderRef[] {AppenderRef.createAppenderRef(name, null, null)})
              .build();
      configuration.addAppender(queue);
      used = "async";
    }
    var root = configuration.getRootLogger();
    for (String other : root.getAppenders().keySet()) root.removeAppender(other);
    root.addAppender(configuration.getAppender(used), null, null);
    root.setLevel(Level.INFO);
    // Starts the appenders, too. An asynchronous one that was started before has two threads then;
    // either may take what tells it to stop, and the wait for the other has no end.
    loggers.start(configuration);
    return loggers.getLogger("test");
  }

  @AfterEach
  void end() {
    loggers.stop();
    ThreadContext.clearAll();
  }

  private String ids() {
    return "[r7] [" + trace.traceId() + "] [" + trace.spanId() + "]";
  }

  @Test
  void everyLineHasTheIdsOfItsContext() throws Exception {
    Logger log = logger(false);
    ctx.run(() -> log.info("main"));
    Thread.ofVirtual().start(ctx.wrap(() -> log.info("virtual"))).join();
    log.info("outside");
    assertThat(text.toString().lines())
        .containsExactly("main " + ids(), "virtual " + ids(), "outside [] [] []");
  }

  @Test
  void anAsynchronousAppenderWritesTheIdsOfTheThreadThatLogged() throws Exception {
    Logger log = logger(true);
    ctx.run(() -> log.info("async"));
    assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(text.toString().lines()).containsExactly("async " + ids());
  }

  @Test
  void whatTheProgramPutsWins() {
    Logger log = logger(false);
    ctx.run(() -> {
      ThreadContext.put("requestId", "mine");
      log.info("put");
      ThreadContext.remove("requestId");
      log.info("removed");
    });
    assertThat(text.toString().lines())
        .containsExactly(
            "put [mine] [" + trace.traceId() + "] [" + trace.spanId() + "]", "removed " + ids());
  }
}
