import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A client of the console's interface. Run from source with the distribution's libraries on the
 * class path: {@code ConsoleLoad <port> <token> lists <warm-ups> <rounds>} or {@code ConsoleLoad
 * <port> <token> streams <number>}.
 *
 * <p>{@code lists} asks for every list the way an operator would who has many messages, in turns, and
 * prints for each a line: the median and the longest of the rounds in microseconds, and its name.
 *
 * <p>{@code streams} opens so many event streams at each line {@code open} that it reads and says
 * {@code opened}; at each line {@code close} it ends them and tells the octets and reads of all.
 */
public final class ConsoleLoad {

  private static final int LARGEST_PAGE = 500;

  private final int port;
  private final String token;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ConsoleLoad(int port, String token) {
    this.port = port;
    this.token = token;
  }

  public static void main(String[] args) throws Exception {
    ConsoleLoad load = new ConsoleLoad(Integer.parseInt(args[0]), args[1]);
    if (args[2].equals("lists")) {
      load.lists(Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    } else {
      load.streams(Integer.parseInt(args[3]));
    }
  }

  private JsonObject get(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
            .header("Authorization", "Bearer " + token)
            .build();
    HttpResponse<byte[]> answer =
        client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    if (answer.statusCode() != 200) {
      throw new IOException(path + ": " + answer.statusCode() + " " + text);
    }
    return new JsonObject(text);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Microseconds of an answer, read and understood. */
  private long ask(String path) throws Exception {
    long began = System.nanoTime();
    get(path);
    return (System.nanoTime() - began) / 1_000;
  }

  private void lists(int warmUps, int rounds) throws Exception {
    List<Long> walked = new ArrayList<>();
    String last = walk(walked);
    Map<String, String> lists = lists(last);
    Map<String, List<Long>> times = new LinkedHashMap<>();
    for (int i = 0; i < warmUps + rounds; i++) {
      for (Map.Entry<String, String> list : lists.entrySet()) {
        long micros = ask(list.getValue());
        if (i >= warmUps) {
          times.computeIfAbsent(list.getKey(), name -> new ArrayList<>()).add(micros);
        }
      }
    }
    // All others have warmed it.
    walked.clear();
    walk(walked);
    times.put("queue, each page of " + LARGEST_PAGE + " by cursor", walked);
    times.forEach(ConsoleLoad::print);
  }

  private static void print(String name, List<Long> micros) {
    List<Long> sorted = micros.stream().sorted().toList();
    System.out.println(sorted.get(sorted.size() / 2) + " " + sorted.getLast() + " " + name);
  }

  /** Reads the whole queue; tells the cursor of its last page. */
  private String walk(List<Long> micros) throws Exception {
    String cursor = "";
    while (true) {
      long began = System.nanoTime();
      JsonObject page =
          get("/queue?limit=" + LARGEST_PAGE + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
      micros.add((System.nanoTime() - began) / 1_000);
      if (!page.containsKey("next")) {
        return cursor;
      }
      cursor = page.getString("next");
    }
  }

  private Map<String, String> lists(String last) throws Exception {
    JsonObject first = get("/queue?state=failed").getJsonArray("items").getJsonObject(0);
    String id = encoded(first.getString("id"));
    Instant now = Instant.now();
    Map<String, String> lists = new LinkedHashMap<>();
    lists.put("queue, first page", "/queue");
    lists.put("queue, first page with subjects", "/queue?subjects=true");
    lists.put("queue, last page", "/queue?limit=500&cursor=" + last);
    for (String state : List.of("ready", "deferred", "failed", "held", "busy")) {
      lists.put("queue, " + state, "/queue?state=" + state);
    }
    lists.put("queue, older than a day", "/queue?arrivedBefore=" + now.minus(Duration.ofDays(1)));
    lists.put("queue, of this minute", "/queue?arrivedAfter=" + now.minusSeconds(60));
    lists.put("queue, waiting for an hour", "/queue?state=ready&arrivedBefore=" + now.minusSeconds(3_600));
    lists.put("search by sender", "/queue?sender=a99");
    lists.put("search by sender, none", "/queue?sender=nobody");
    lists.put("search by recipient", "/queue?recipient=example57.net");
    lists.put("search by recipient, none", "/queue?recipient=nobody");
    lists.put("search by subject", "/queue?subject=order+1");
    lists.put("search by subject, none", "/queue?subject=nothing");
    lists.put("search by reason", "/queue?reason=no+such+user+7");
    lists.put("search by text, none", "/queue?text=nothing");
    lists.put("search by id", "/queue?id=" + id);
    lists.put("message", "/messages/" + id);
    lists.put("message, trace", "/messages/" + id + "/trace");
    lists.put("failures", "/failures");
    lists.put("failures, deferred", "/failures?state=deferred");
    String more = get("/failures").getString("next", "");
    if (!more.isEmpty()) {
      lists.put("failures, next", "/failures?cursor=" + more);
    }
    lists.put("mailboxes", "/mailboxes");
    lists.put("statistics", "/statistics");
    lists.put("statistics, series", "/statistics/series?minutes=60");
    lists.put("destinations", "/destinations");
    lists.put("events, newest", "/events");
    lists.put("events, newest 500", "/events?limit=500");
    lists.put("events, newest of a type", "/events?type=failed,received");
    lists.put("events, newest of a type, none", "/events?type=bounced");
    lists.put("events, oldest", "/events?cursor=");
    lists.put("events, oldest of a type, none", "/events?cursor=&type=bounced");
    lists.put("events, end", "/events?cursor=" + encoded(get("/events").getString("next")));
    JsonArray webhooks = get("/webhooks").getJsonArray("webhooks");
    lists.put("webhooks", "/webhooks");
    lists.put(
        "webhooks, deliveries",
        "/webhooks/" + webhooks.getJsonObject(0).getString("id") + "/deliveries");
    for (String other :
        List.of("log", "relays", "nodes", "configuration", "users", "tokens", "account")) {
      lists.put(other, "/" + other);
    }
    return lists;
  }

  private void streams(int number) throws IOException {
    byte[] request =
        ("GET /api/v1/events/stream HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(port, token))
            .getBytes(StandardCharsets.US_ASCII);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Streams streams = new Streams();
      for (int i = 0; i < number; i++) {
        streams.open(port, request);
      }
      Thread reader = Thread.ofPlatform().start(streams);
      System.out.println("opened");
      in.readLine();
      streams.end = true;
      streams.selector.wakeup();
      join(reader);
      System.out.println(streams.octets + " " + streams.reads);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads streams and looks at nothing, so as to cost little. */
  private static final class Streams implements Runnable {

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
    private volatile boolean end;
    private long octets;
    private long reads;

    Streams() throws IOException {}

    /** Opens one and reads the head of its answer. */
    void open(int port, byte[] request) throws IOException {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.write(ByteBuffer.wrap(request));
      channel.read(buffer.clear());
      byte[] head = Arrays.copyOf("HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII), 12);
      for (int i = 0; i < head.length; i++) {
        if (buffer.get(i) != head[i]) {
          throw new IOException("the stream is refused");
        }
      }
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
    }

    @Override
    public void run() {
      try {
        while (!end) {
          selector.select(this::read);
        }
        for (SelectionKey key : selector.keys()) {
          key.channel().close();
        }
        selector.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private void read(SelectionKey key) {
      try {
        int got = ((SocketChannel) key.channel()).read(buffer.clear());
        if (got < 0) {
          throw new IllegalStateException("a stream has ended");
        }
        octets += got;
        reads++;
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
