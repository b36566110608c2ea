package dev.lanyard.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the command line asks for. */
class PlanTest {
  private static final Scenario SCENARIO = new Scenario("PeersGrpc", "grpc", "with-cancel", "x");

  @Test
  void withoutOptionsFiveRoundsOfEverythingInJavaAlone() {
    Plan plan = Plan.of();
    assertThat(plan.rounds()).isEqualTo(5);
    assertThat(plan.quick()).isFalse();
    assertThat(plan.go()).isNull();
    assertThat(plan.page()).isNull();
    assertThat(plan.includes(SCENARIO)).isTrue();
  }

  @Test
  void theWholeNameOrSectionMustMatch() {
    assertThat(Plan.of("--only", "grpc-with-.*").includes(SCENARIO)).isTrue();
    assertThat(Plan.of("--only", "PeersGrpc").includes(SCENARIO)).isTrue();
    assertThat(Plan.of("--only", "with-.*").includes(SCENARIO)).isFalse();
  }

  @Test
  void quickIsOneRoundAtMost() {
    assertThat(Plan.of("--quick", "--rounds", "7").rounds()).isEqualTo(1);
    assertThat(Plan.of("--rounds", "0", "--quick").rounds()).isEqualTo(0);
    assertThat(Plan.of("--rounds", "7", "--go", "x").go()).isEqualTo(Path.of("x"));
  }

  @Test
  void whatIsNotAnOptionIsRefused() {
    assertThatThrownBy(() -> Plan.of("--fast", "yes")).hasMessageContaining("--fast");
    assertThatThrownBy(() -> Plan.of("--rounds")).hasMessageContaining("--rounds");
  }
}
