package dev.lanyard.app.server;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
@Command(name = "doctor")
public final class DoctorCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 0;
  }
}
