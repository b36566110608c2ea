package dev.lanyard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.TraceContext;
import dev.lanyard.jdbc.ContextDataSource;
import dev.lanyard.jdbc.JdbcSettings;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatementSpansTest {
  private final Traces traces = new Traces();

  private ContextDataSource source(StatementSpans spans) {
    var h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:");
    return ContextDataSource.wrap(h2).with(JdbcSettings.defaults().withObserver(spans));
  }

  private static @Nullable String attribute(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.stringKey(name));
  }

  @Test
  void eachStatementHasASpanInTheTraceOfItsContext() throws SQLException {
    TraceContext trace = TraceContext.newRoot();
    Context ctx = Context.background().withValue(TraceContext.KEY, trace);
    var source = source(StatementSpans.of(traces.telemetry()));
    try (Connection connection = source.getConnection(ctx);
        var statement = connection.createStatement()) {
      statement.execute(" select 'secret'");
    }
    SpanData span = traces.finished("SELECT");
    assertThat(span.getTraceId()).isEqualTo(trace.traceId());
    assertThat(span.getParentSpanId()).isEqualTo(trace.spanId());
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(span.getAttributes().toString()).doesNotContain("secret");
  }

  @Test
  void theTextIsShownWhereItIsAskedFor() throws SQLException {
    var source = source(StatementSpans.of(traces.telemetry()).withText());
    try (Connection connection = source.getConnection(Context.background());
        var statement = connection.prepareStatement("select 1")) {
      statement.execute();
    }
    assertThat(attribute(traces.finished("SELECT"), "db.query.text")).isEqualTo("select 1");
  }

  @Test
  void aStatementWhoseClientLeftSaysSoAndIsNoError() throws Exception {
    var source = source(StatementSpans.of(traces.telemetry()));
    try (CancellableContext ctx = Context.background().withCancel();
        Connection connection = source.getConnection(ctx);
        var statement = connection.createStatement()) {
      ctx.cancel(new RequestEnd.ClientGone("the connection was closed"));
      assertThatThrownBy(() -> statement.execute("select 1")).isInstanceOf(SQLException.class);
    }
    for (SpanData span : traces.finished()) {
      assertThat(attribute(span, "lanyard.context.end")).isEqualTo("cancelled");
      assertThat(attribute(span, "lanyard.context.cause")).contains("ClientGone");
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }
  }

  @Test
  void aStatementThatTheDatabaseRefusesIsAnError() throws SQLException {
    var source = source(StatementSpans.of(traces.telemetry()));
    try (Connection connection = source.getConnection(Context.background());
        var statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("drop table nothing"))
          .isInstanceOf(SQLException.class);
    }
    assertThat(traces.finished("DROP").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }
}
