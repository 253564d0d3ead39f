package io.stagepost.auth;

import io.stagepost.auth.SecretsFile.Remark;
import io.stagepost.telemetry.RelayLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A secrets file, and what one side makes of it. */
final class SecretsContent<T> implements WatchedFile.Content<T> {

  private final Function<SecretsFile, T> side;

  SecretsContent(Function<SecretsFile, T> side) {
    this.side = side;
  }

  @Override
  public String kind() {
    return "secrets file";
  }

  @Override
  public T parse(Path path, String text, RelayLog log) throws AccountsException {
    SecretsFile file = SecretsParser.parse(text);
    for (Remark remark : file.warnings()) {
      log.warn(remark.in(path.toString()));
    }
    if (!file.problems().isEmpty()) {
      List<String> lines = new ArrayList<>();
      lines.add("problems reading secrets file [" + path + "]...");
      file.problems().forEach(problem -> lines.add(problem.in(path.toString())));
      throw new AccountsException(lines);
    }
    return side.apply(file);
  }
}
