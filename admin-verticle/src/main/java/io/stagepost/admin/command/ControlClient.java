package io.stagepost.admin.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A connection to the control socket of a relay. */
final class ControlClient implements AutoCloseable {

  private final SocketChannel channel;
  private final BufferedReader answers;

  private ControlClient(SocketChannel channel) {
    this.channel = channel;
    this.answers =
        new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
  }

  /** Connects. */
  static ControlClient connect(Path socket) throws CommandException {
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(socket));
      return new ControlClient(channel);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.contains("Permission denied") || isHidden(socket)) {
        throw new CommandException(
            ExitCode.NOT_ALLOWED,
            "no right to use " + socket + ": only the relay's account and its group may");
      }
      throw new CommandException(
          ExitCode.NOT_RUNNING, "no relay answers at " + socket + ": " + reason);
    }
  }

  private static boolean isHidden(Path socket) {
    Path directory = socket.toAbsolutePath().getParent();
    return directory != null && Files.isDirectory(directory) && !Files.isExecutable(directory);
  }

  /** Asks and gives the answer, which is good. */
  JsonObject ask(JsonObject request) throws CommandException {
    try {
      ByteBuffer line = ByteBuffer.wrap((request.encode() + "\n").getBytes(UTF_8));
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      throw gone(e.getMessage());
    }
    JsonObject answer = next();
    if (answer == null) {
      throw gone("it has ended");
    }
    if (!answer.getBoolean("ok", false)) {
      throw new CommandException(
          ExitCode.of(answer.getString("error", "")), answer.getString("text", "refused"));
    }
    return answer;
  }

  /** What comes next, or null when nothing more does. */
  @Nullable JsonObject next() throws CommandException {
    try {
      String line = answers.readLine();
      return line == null ? null : new JsonObject(line);
    } catch (IOException | DecodeException e) {
      throw gone(e.getMessage());
    }
  }

  private static CommandException gone(@Nullable String reason) {
    return new CommandException(ExitCode.NOT_RUNNING, "the relay answers no more: " + reason);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is over all the same.
    }
  }
}
