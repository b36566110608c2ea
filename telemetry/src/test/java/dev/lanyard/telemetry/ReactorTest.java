package dev.lanyard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class ReactorTest {
  private static final Key<String> USER = Key.of("user");

  @BeforeAll
  static void propagate() {
    Hooks.enableAutomaticContextPropagation();
  }

  private static String seen() {
    return String.valueOf(CurrentContext.get().value(USER));
  }

  @Test
  void aPipelineTakesTheContextAcrossItsSchedulers() {
    Context ctx = Context.background().withValue(USER, "Ada");
    List<String> seen =
        ctx.call(() ->
            Flux.range(0, 20)
                .flatMap(_ ->
                    Mono.fromCallable(ReactorTest::seen)
                        .subscribeOn(Schedulers.boundedElastic())
                        .publishOn(Schedulers.parallel())
                        .map(before -> before + " " + seen()))
                .collectList()
                .block());
    assertThat(seen).hasSize(20).containsOnly("Ada Ada");
  }

  @Test
  void aContextThatIsWrittenIntoThePipelineIsSeenAndBound() {
    Context ctx = Context.background().withValue(USER, "Ada");
    String seen =
        Mono.fromCallable(() ->
                CurrentContext.get().call(() -> String.valueOf(Context.current().value(USER))))
            .subscribeOn(Schedulers.boundedElastic())
            .contextWrite(all -> all.put(PropagatedContext.KEY, ctx))
            .block();
    assertThat(seen).isEqualTo("Ada");
  }

  @Test
  void threadsOfThePoolKeepNothing() {
    Context ctx = Context.background().withValue(USER, "Ada");
    ctx.run(() ->
        Mono.fromCallable(ReactorTest::seen).subscribeOn(Schedulers.boundedElastic()).block());
    List<String> seen =
        Flux.range(0, 50)
            .flatMap(
                _ -> Mono.fromCallable(ReactorTest::seen).subscribeOn(Schedulers.boundedElastic()))
            .collectList()
            .block();
    assertThat(seen).containsOnly("null");
  }
}
