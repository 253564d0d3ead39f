package io.stagepost.admin.http.site;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.stagepost.admin.http.api.ApiProblem;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.MimeMapping;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console's files from the class path: those of {@code console/}, and those of WebJars
 * below {@code /webjars/}. Any other address without an extension shows the console, which finds
 * its own way. Up to 32 MiB of files are kept in memory.
 */
public final class SitePages implements Handler<RoutingContext> {

  private static final long MOST_OCTETS = 32L << 20;
  private static final String CONSOLE = "console/";
  private static final String WEBJARS = "/webjars/";
  private static final String OURS = "io/stagepost/admin/http/site/";
  private static final String FIRST_PAGE = OURS + "first.html";
  private static final String DOCS = "/api/docs";
  private static final Pattern FILE = Pattern.compile("(/[A-Za-z0-9@_][A-Za-z0-9@_.+-]*)+");
  // A name with a hash in it means one content for ever, and so does a WebJar's version.
  private static final Pattern VERSIONED =
      Pattern.compile("/webjars/.*|.*[.-][0-9a-zA-Z_]{8,}\\.(js|css|woff2|svg|png)");
  private static final Pattern COMPRESSIBLE =
      Pattern.compile("(text/.*|.*javascript.*|.*json|image/svg.*)");

  private final Vertx vertx;
  private final Cache<String, Page> pages =
      Caffeine.newBuilder()
          .maximumWeight(MOST_OCTETS)
          .weigher((String path, Page page) -> page.weight())
          .executor(Runnable::run)
          .build();

  private record Page(String type, String tag, Buffer plain, @Nullable Buffer zipped) {

    int weight() {
      return plain.length() + (zipped == null ? 0 : zipped.length());
    }
  }

  /** Files of our own class path. */
  public SitePages(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpMethod method = context.request().method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      context.fail(ApiProblem.of(405, "only to be looked at"));
      return;
    }
    String path = context.normalizedPath();
    boolean isFile = path.equals(DOCS) || (FILE.matcher(path).matches() && hasExtension(path));
    if (!isFile && (path.startsWith("/api/") || hasExtension(path))) {
      context.fail(ApiProblem.missing("there is nothing here"));
      return;
    }
    String wanted = isFile ? path : "/index.html";
    Page known = pages.getIfPresent(wanted);
    if (known != null) {
      send(context, wanted, known);
      return;
    }
    vertx
        .executeBlocking(() -> load(wanted), false)
        .onSuccess(
            page -> {
              if (page.isPresent()) {
                pages.put(wanted, page.get());
                send(context, wanted, page.get());
              } else {
                context.fail(ApiProblem.missing("there is nothing here"));
              }
            })
        .onFailure(context::fail);
  }

  private static boolean hasExtension(String path) {
    return path.lastIndexOf('.') > path.lastIndexOf('/');
  }

  private static void send(RoutingContext context, String path, Page page) {
    HttpServerResponse response = context.response();
    response
        .putHeader("ETag", page.tag())
        .putHeader(
            "Cache-Control",
            VERSIONED.matcher(path).matches() ? "public, max-age=31536000, immutable" : "no-cache");
    if (page.tag().equals(context.request().getHeader("If-None-Match"))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader("Content-Type", page.type()).putHeader("Vary", "Accept-Encoding");
    String accepted = context.request().getHeader("Accept-Encoding");
    Buffer zipped = page.zipped();
    if (zipped != null && accepted != null && accepted.contains("gzip")) {
      response.putHeader("Content-Encoding", "gzip").end(zipped);
    } else {
      response.end(page.plain());
    }
  }

  private static Optional<Page> load(String path) throws IOException {
    Optional<byte[]> found = read(resource(path));
    if (found.isEmpty() && path.equals("/index.html")) {
      found = read(FIRST_PAGE);
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    byte[] octets = found.get();
    String type = type(path);
    return Optional.of(
        new Page(
            type,
            '"' + hash(octets).substring(0, 32) + '"',
            Buffer.buffer(octets),
            COMPRESSIBLE.matcher(type).matches() ? Buffer.buffer(zip(octets)) : null));
  }

  private static String resource(String path) {
    return switch (path) {
      case DOCS -> OURS + "docs.html";
      case DOCS + ".js" -> OURS + "docs.js";
      default ->
          path.startsWith(WEBJARS) ? "META-INF/resources" + path : CONSOLE + path.substring(1);
    };
  }

  private static Optional<byte[]> read(String resource) throws IOException {
    try (InputStream in = SitePages.class.getClassLoader().getResourceAsStream(resource)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    }
  }

  private static String type(String path) {
    if (path.equals(DOCS)) {
      return "text/html; charset=utf-8";
    }
    if (path.endsWith(".webmanifest")) {
      return "application/manifest+json";
    }
    if (path.endsWith(".mjs")) {
      return "text/javascript; charset=utf-8";
    }
    String type = MimeMapping.mimeTypeForFilename(path);
    if (type == null) {
      return "application/octet-stream";
    }
    return type.startsWith("text/") || type.endsWith("javascript")
        ? type + "; charset=utf-8"
        : type;
  }

  private static byte[] zip(byte[] octets) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(octets.length / 3);
    try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
      zipped.write(octets);
    }
    return out.toByteArray();
  }

  private static String hash(byte[] octets) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
