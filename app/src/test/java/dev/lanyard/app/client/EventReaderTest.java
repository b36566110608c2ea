package dev.lanyard.app.client;

import static org.assertj.core.api.Assertions.assertThat;

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
                ": keep-alive\n\n"
                    + "id: 7\r\nevent: task\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\n"
                    + "event:reset\n\n"
                    + "event: progress\ndata:{\"p\":2}\nretry: 5\n\n"
                    + "event: task\ndata: {\"cut"))
        .extracting(ServerEvent::type, ServerEvent::id, event -> event.data().map().toString())
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("task", "7", "{a=1}"),
            org.assertj.core.api.Assertions.tuple("reset", null, "{}"),
            org.assertj.core.api.Assertions.tuple("progress", null, "{p=2}"));
  }

  @Test
  void dataThatIsNoJsonIsSkipped() throws Exception {
    assertThat(read("event: task\ndata: <x>\n\nevent: task\ndata: {}\n\n")).hasSize(1);
  }
}
