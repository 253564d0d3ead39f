package io.stagepost.config;

import io.stagepost.telemetry.LogText;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.config.spi.ConfigProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file, read through a {@link ConfigRetriever}.
 *
 * <p>The processors of both formats deliver the same: {@code entries}, each with {@code name},
 * {@code file}, {@code line} and, unless it is a bare flag, {@code value}; or {@code error}.
 */
record ConfigFile(Origin.Format format, Path path) {

  /** The keys of what the processors deliver. */
  static final String ENTRIES = "entries";

  static final String NAME = "name";
  static final String VALUE = "value";
  static final String FILE = "file";
  static final String LINE = "line";
  static final String ERROR = "error";

  /** What is wrong with an entry, instead of its name and value. */
  static final String PROBLEM = "problem";

  /** How an entry was written, when not as its name. */
  static final String SPELLED = "spelled";

  /** Words of a command line that stand for several entries. */
  static final String WORDS = "words";

  /** The relay that they belong to when they name none. */
  static final String RELAY = "relay";

  /** What a file holds. */
  record Content(List<Setting> settings, List<Problem> problems) {

    Content {
      settings = List.copyOf(settings);
      problems = List.copyOf(problems);
    }
  }

  /** One whose format shows in its name. */
  static ConfigFile named(Path path) {
    String name = String.valueOf(path.getFileName());
    boolean hocon = name.equals("relay.conf") || name.endsWith(".hocon");
    return new ConfigFile(hocon ? Origin.Format.RELAY : Origin.Format.EMAILRELAY, path);
  }

  /** Reads it; the future never fails. */
  Future<Content> read(Vertx vertx) {
    ConfigRetriever retriever =
        ConfigRetriever.create(
            vertx, new ConfigRetrieverOptions().setScanPeriod(-1).addStore(store()));
    return retriever
        .getConfig()
        .map(this::content)
        .recover(
            unreadable ->
                Future.succeededFuture(failure("error reading configuration file: " + path)))
        .eventually(retriever::close);
  }

  /** The same for a text that might become its content. */
  Future<Content> parse(Vertx vertx, String text) {
    ConfigProcessor processor =
        switch (format) {
          case EMAILRELAY -> new EmailrelayConfProcessor();
          case RELAY -> new RelayConfProcessor();
        };
    return processor.process(vertx, store().getConfig(), Buffer.buffer(text)).map(this::content);
  }

  /**
   * Looks at it, and at what it includes, again and again.
   *
   * @param changed is run when something has changed, and once in any case
   * @return to be closed when nobody wants to know any more
   */
  ConfigRetriever watch(Vertx vertx, Duration period, Runnable changed) {
    ConfigRetriever retriever =
        ConfigRetriever.create(
            vertx,
            new ConfigRetrieverOptions()
                .setScanPeriod(period.toMillis())
                // One that is gone is a change too, and not an error of this library's each time.
                .addStore(store().setOptional(true)));
    retriever.listen(change -> changed.run());
    return retriever;
  }

  private ConfigStoreOptions store() {
    return new ConfigStoreOptions()
        .setType("file")
        .setFormat(
            switch (format) {
              case EMAILRELAY -> EmailrelayConfProcessor.FORMAT;
              case RELAY -> RelayConfProcessor.FORMAT;
            })
        .setConfig(new JsonObject().put("path", path.toString()));
  }

  private Content content(JsonObject json) {
    String error = json.getString(ERROR);
    if (error != null) {
      return failure(error);
    }
    List<Setting> settings = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    JsonArray entries = json.getJsonArray(ENTRIES);
    for (int i = 0; i < entries.size(); i++) {
      JsonObject entry = entries.getJsonObject(i);
      Origin.File origin =
          new Origin.File(format, entry.getString(FILE), entry.getInteger(LINE, 0));
      String name = entry.getString(NAME);
      if (entry.containsKey(PROBLEM)) {
        problems.add(Problem.option(origin.prefix() + entry.getString(PROBLEM)));
        continue;
      }
      if (entry.containsKey(WORDS)) {
        addWords(entry, origin, settings, problems);
        continue;
      }
      Optional<OptionName> option =
          format == Origin.Format.RELAY ? OptionName.ofKey(name) : OptionName.of(name);
      if (option.isPresent() && option.get().option().equals(ProcessOptions.CONFIG)) {
        problems.add(
            Problem.option(origin.prefix() + "a file cannot name another: " + LogText.quote(name)));
      } else if (option.isPresent()) {
        String spelled = entry.getString(SPELLED, name);
        settings.addAll(settings(option.get(), spelled, entry.getString(VALUE), origin));
      } else {
        problems.add(unknown(name, origin));
      }
    }
    return new Content(settings, problems);
  }

  private static void addWords(
      JsonObject entry, Origin.File origin, List<Setting> settings, List<Problem> problems) {
    String relay = entry.getString(RELAY, "");
    CommandLine.Result words =
        CommandLine.read(List.of(entry.getString(WORDS).strip().split("\\s+")));
    for (Setting word : words.settings()) {
      boolean unnamed = word.relay().isEmpty() && word.option().unit() == Option.Unit.RELAY;
      settings.add((unnamed ? word.withRelay(relay) : word).withOrigin(origin));
    }
    words.problems().forEach(p -> problems.add(p.withText(origin.prefix() + p.text())));
    words
        .file()
        .ifPresent(
            file ->
                problems.add(
                    Problem.option(
                        origin.prefix() + "a file cannot name another: " + LogText.quote(file))));
  }

  private List<Setting> settings(
      OptionName optionName, String name, @Nullable String value, Origin.File origin) {
    Option option = optionName.option();
    Setting written = new Setting(optionName.relay(), option, name, value, origin);
    if (format == Origin.Format.EMAILRELAY || value == null) {
      return List.of(written);
    }
    Optional<YesNo> sense = YesNo.of(value);
    return switch (option.syntax()) {
      case ONE, LIST -> List.of(written);
      // Present without a list, or absent.
      case OPTIONAL ->
          sense
              .map(yes -> yes == YesNo.YES ? List.of(written.withValue(null)) : List.<Setting>of())
              .orElse(List.of(written));
      case NONE ->
          value.equals("2") // Given twice: only ever of interest to "verbose".
              ? List.of(written.withValue("yes"), written.withValue("yes"))
              : List.of(option.isKeyInverted() ? written.inverted() : written);
    };
  }

  private Problem unknown(String name, Origin.File origin) {
    String what = format == Origin.Format.RELAY ? "unknown setting: " : "invalid option: ";
    return Problem.option(
        origin.prefix()
            + what
            + LogText.quote(name)
            + (format == Origin.Format.RELAY
                ? OptionName.hintOfKey(name)
                : OptionName.hint(name, "")));
  }

  private static Content failure(String error) {
    return new Content(List.of(), List.of(Problem.option(error)));
  }
}
