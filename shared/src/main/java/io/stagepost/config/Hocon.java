package io.stagepost.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Parses HOCON into entries of {@link ConfigFile}; needs blocking calls for what is included. */
final class Hocon {

  // A place for values that are only referred to.
  private static final String VARIABLES = "variables";

  private final String path;
  private final JsonArray entries = new JsonArray();

  private Hocon(String path) {
    this.path = path;
  }

  static JsonObject flatten(String path, String text) {
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setOriginDescription(path)
            .setIncluder(new BesideFile(new File(path).getAbsoluteFile().getParentFile()));
    try {
      Config config = ConfigFactory.parseString(text, options).resolve();
      Hocon hocon = new Hocon(path);
      hocon.walk("", config.root());
      return new JsonObject().put(ConfigFile.ENTRIES, hocon.entries);
    } catch (ConfigException e) {
      return new JsonObject().put(ConfigFile.ERROR, HoconProblem.of(e, path, text));
    }
  }

  private void walk(String prefix, ConfigObject object) {
    // The parser keeps no order, but relays have one.
    object.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getValue().origin().lineNumber()))
        .forEach(entry -> visit(prefix, entry.getKey(), entry.getValue()));
  }

  private void visit(String prefix, String key, ConfigValue value) {
    if (!prefix.isEmpty()) {
      add(prefix + "." + key, value);
    } else if (!key.equals(VARIABLES)) {
      add(key, value);
    }
  }

  private void add(String name, ConfigValue value) {
    if (value instanceof ConfigObject object) {
      walk(name, object);
    } else if (value instanceof ConfigList list) {
      List<String> items = new ArrayList<>();
      list.forEach(item -> items.add(scalar(item)));
      entries.add(entry(name, value).put(ConfigFile.VALUE, String.join(",", items)));
    } else if (value.valueType() != ConfigValueType.NULL) {
      entries.add(entry(name, value).put(ConfigFile.VALUE, scalar(value)));
    }
  }

  private JsonObject entry(String name, ConfigValue value) {
    String file = value.origin().filename();
    return new JsonObject()
        .put(ConfigFile.NAME, name)
        .put(ConfigFile.FILE, file == null ? path : file)
        .put(ConfigFile.LINE, Math.max(0, value.origin().lineNumber()));
  }

  private static String scalar(ConfigValue value) {
    return value instanceof ConfigObject || value instanceof ConfigList
        ? value.render()
        : String.valueOf(value.unwrapped());
  }

  /**
   * Looks for included files in the directory of the file that includes them, as the outermost one
   * is only known to the parser as text; the parser itself bounds how deep they nest.
   */
  private record BesideFile(File directory) implements ConfigIncluder {

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      File file = new File(what).isAbsolute() ? new File(what) : new File(directory, what);
      ConfigParseOptions options =
          context
              .parseOptions()
              .setOriginDescription(null)
              .setIncluder(new BesideFile(file.getParentFile()));
      return ConfigFactory.parseFile(file, options).root();
    }
  }
}
