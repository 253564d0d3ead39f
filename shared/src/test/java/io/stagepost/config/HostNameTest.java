package io.stagepost.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNameTest {

  @TempDir Path root;

  @Test
  void aFullNameIsTaken() throws IOException {
    write("proc/sys/kernel/hostname", "Box.Example\n");
    assertThat(HostName.of(root)).isEqualTo(new HostName("box.example", HostName.Quality.FULL));
  }

  @Test
  void aBareNameIsCompletedFromHosts() throws IOException {
    write("etc/hostname", "box\n");
    write("etc/hosts", "127.0.0.1 localhost\n127.0.1.1\tbox.example box # us\n");
    assertThat(HostName.of(root)).isEqualTo(new HostName("box.example", HostName.Quality.FULL));
  }

  @Test
  void aBareNameMayStayBare() throws IOException {
    write("proc/sys/kernel/hostname", "box\n");
    write("etc/hosts", "127.0.1.1 box\n");
    assertThat(HostName.of(root)).isEqualTo(new HostName("box", HostName.Quality.BARE));
  }

  @Test
  void withoutAnyNameOneIsMadeUp() {
    assertThat(HostName.of(root).quality()).isEqualTo(HostName.Quality.MADE_UP);
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
