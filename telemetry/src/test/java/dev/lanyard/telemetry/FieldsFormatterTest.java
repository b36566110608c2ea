package dev.lanyard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.Context;
import dev.lanyard.http.RequestId;
import java.util.IllegalFormatException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("reads the installed fields")
class FieldsFormatterTest {
  private final Context ctx = Context.background().withValue(RequestId.KEY, "r7");

  private static LogRecord line(String message) {
    var line = new LogRecord(Level.INFO, message);
    line.setLoggerName("shop");
    return line;
  }

  @Test
  void aLineHasTheFieldsOfItsContext() {
    var formatter = new FieldsFormatter();
    ctx.run(() -> assertThat(formatter.format(line("sold"))).contains("[requestId=r7] shop: sold"));
    assertThat(formatter.format(line("sold"))).contains("[] shop: sold").endsWith("\n");
  }

  @Test
  void theFormatMayBeAnother() {
    var line = line("sold {0}");
    line.setParameters(new Object[] {"tea"});
    line.setThrown(new IllegalStateException("no tea"));
    ctx.run(() ->
        assertThat(new FieldsFormatter("%7$s %4$s %5$s%6$s").format(line))
            .startsWith("requestId=r7 " + Level.INFO.getLocalizedName() + " sold tea")
            .contains("java.lang.IllegalStateException: no tea"));
  }

  @Test
  void aFormatThatIsNoneIsRefusedAtOnce() {
    assertThatThrownBy(() -> new FieldsFormatter("%9$q"))
        .isInstanceOf(IllegalFormatException.class);
  }
}
