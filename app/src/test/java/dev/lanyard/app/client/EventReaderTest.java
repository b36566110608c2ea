package dev.lanyard.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("issue 7: events are read as the standard of server-sent events says")
class EventReaderTest {
  private static List<ServerEvent> read(String text) throws Exception {
    List<ServerEvent> events = new ArrayList<>();
    try (EventReader reader =
        new EventReader(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), () -> {})) {
      ServerEvent event;
      while ((event = reader.next()) != null) events.add(event);
    }
    return events;
  }

  @Test
  void fieldsCommentsAndLineEnds() throws Exception {
    assertThat(
            read(
                """
                : keep-alive

                id: 7\r
                event: task\r
                data: {"a":\r
                data: 1}\r
                \r
                event:reset

                event: progress
                data:{"p":2}
                retry: 5

                event: task
                data: {"cut
                """))
        .extracting(ServerEvent::type, ServerEvent::id, event -> event.data().map().toString())
        .containsExactly(
            tuple("task", "7", "{a=1}"),
            tuple("reset", null, "{}"),
            tuple("progress", null, "{p=2}"));
  }

  @Test
  void oneThatIsTooLargeIsSkippedWhetherInOneLineOrInMany() throws Exception {
    String large = "x".repeat(9 << 20);
    String lines = "data: {}\n".repeat(3 << 20);
    String next = "id: 8\nevent: task\ndata: {}\n\n";
    assertThat(read("id: 7\ndata: {\"a\":\"" + large + "\"}\n\n" + next))
        .extracting(ServerEvent::id)
        .containsExactly("8");
    assertThat(read("id: 7\n" + lines + "\n" + next))
        .extracting(ServerEvent::id)
        .containsExactly("8");
  }

  @Test
  void dataThatIsNoJsonIsSkipped() throws Exception {
    assertThat(read("event: task\ndata: <x>\n\nevent: task\ndata: {}\n\n")).hasSize(1);
  }
}
