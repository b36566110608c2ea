package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Issue 7: {@code lanyard doctor} looks at what {@code lanyard serve} would use. */
class DoctorCommandTest {
  @TempDir Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> out = new ArrayList<>();
  private final List<String> err = new ArrayList<>();

  private int doctor(String... arguments) {
    out.clear();
    err.clear();
    var command = new DoctorCommand();
    assertThat(new CommandLine(command).parseArgs(arguments).unmatched()).isEmpty();
    return command.look(environment::get, new DataDirectory(directory), out::add, err::add);
  }

  private String line(String what) {
    return out.stream().filter(line -> line.contains(" " + what + " ")).findFirst().orElse("none");
  }

  @Test
  @DisplayName("where all is there: 0, and a line for each thing that was looked at")
  void good() {
    assertThat(doctor("--listen", "127.0.0.1:0")).isZero();
    assertThat(line("Java")).startsWith("✅");
    assertThat(line("Port")).startsWith("✅").contains("127.0.0.1:0 is free");
    assertThat(line("SQLite")).startsWith("✅");
    assertThat(line("Data")).startsWith("✅").contains(directory.toString());
    assertThat(err).isEmpty();
  }

  @Test
  @DisplayName("a port that is taken is missing, whoever names it: option, environment or file")
  void takenPort() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThat(doctor("--listen", address)).isEqualTo(1);
      assertThat(line("Port")).startsWith("❌").contains(address, "--listen");
      environment.put("LANYARD_LISTEN", address);
      assertThat(doctor()).isEqualTo(1);
      assertThat(line("Port")).startsWith("❌").contains(address);
      assertThat(doctor("--listen", "127.0.0.1:0")).as("an option goes first").isZero();
      environment.clear();
      Path file = Files.writeString(directory.resolve("serve.yaml"), "listen: " + address + "\n");
      environment.put("LANYARD_CONFIG", file.toString());
      assertThat(doctor()).isEqualTo(1);
      environment.clear();
      assertThat(doctor("--config", file.toString())).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("the folder of the file that serve would open, whatever its name")
  void folder() throws Exception {
    Path file = directory.resolve("what?").resolve("tasks?x=1.db");
    environment.put("LANYARD_DB", "jdbc:sqlite:" + file);
    assertThat(doctor("--listen", "127.0.0.1:0")).isZero();
    assertThat(line("Data")).contains(file.getParent() + " (is made when needed)");
    Path noFolder = Files.createFile(directory.resolve("no-folder"));
    environment.put("LANYARD_DB", "jdbc:sqlite:" + noFolder.resolve("tasks.db"));
    assertThat(doctor("--listen", "127.0.0.1:0")).isEqualTo(1);
    assertThat(line("Data")).startsWith("❌").contains("cannot be written");
  }

  @Test
  @DisplayName("a database that is not there is missing; its password is in no line")
  void noDatabase() {
    environment.put("LANYARD_DB", "jdbc:postgresql://127.0.0.1:1/d?user=u&password=hush");
    assertThat(doctor("--listen", "127.0.0.1:0")).isEqualTo(1);
    assertThat(line("PostgreSQL")).startsWith("❌").contains("127.0.0.1:1", "***");
    assertThat(String.join("\n", out)).doesNotContain("hush");
  }

  @Test
  @DisplayName("what serve would refuse is refused, with who said it")
  void wrongSettings() throws Exception {
    environment.put("LANYARD_WORKERS", "none");
    assertThat(doctor("--listen", "nowhere")).isEqualTo(2);
    assertThat(err)
        .hasSize(2)
        .anyMatch(line -> line.startsWith("--listen: "))
        .anyMatch(line -> line.startsWith("LANYARD_WORKERS: "));
    assertThat(out).isEmpty();
    environment.clear();
    Path file = Files.writeString(directory.resolve("serve.yaml"), "lissten: 127.0.0.1:0\n");
    assertThat(doctor("--config", file.toString())).isEqualTo(2);
    assertThat(err).anyMatch(line -> line.contains("serve.yaml:1") && line.contains("listen"));
  }
}
