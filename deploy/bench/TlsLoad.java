import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * An SMTP client that sends over connections encrypted by STARTTLS and measures servers in turns:
 * {@code TlsLoad <messages> <sessions> <octets> <warm-ups> <rounds> <port>...}.
 *
 * <p>The sessions of a round are kept for all of its messages; connecting and the handshakes are not
 * measured. Prints a line for each server: the messages a second of the rounds that count.
 */
public final class TlsLoad {

  private static final byte[] LINE = "x".repeat(76).concat("\r\n").getBytes(StandardCharsets.US_ASCII);

  private final BufferedReader in;
  private final OutputStream out;

  private TlsLoad(SSLSocketFactory factory, int port) throws IOException {
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
    plain.setTcpNoDelay(true);
    new TlsLoad(plain).greet("STARTTLS", "220");
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, "localhost", port, true);
    socket.startHandshake();
    in = reader(socket);
    out = socket.getOutputStream();
    say("EHLO bench.example.com\r\n", "250");
  }

  private TlsLoad(Socket socket) throws IOException {
    in = reader(socket);
    out = socket.getOutputStream();
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  private void greet(String command, String answer) throws IOException {
    expect("220");
    say("EHLO bench.example.com\r\n", "250");
    say(command + "\r\n", answer);
  }

  private void say(String text, String answer) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    expect(answer);
  }

  private void expect(String code) throws IOException {
    String line = in.readLine();
    while (line != null && line.length() > 3 && line.charAt(3) == '-') {
      line = in.readLine();
    }
    if (line == null || !line.startsWith(code)) {
      throw new IOException("expected " + code + ", got " + line);
    }
  }

  private void send(byte[] message) throws IOException {
    say("MAIL FROM:<a@example.com>\r\n", "250");
    say("RCPT TO:<b@example.com>\r\n", "250");
    say("DATA\r\n", "354");
    out.write(message);
    out.flush();
    expect("250");
  }

  private static byte[] message(int octets) {
    StringBuilder text = new StringBuilder("From: a@example.com\r\nSubject: bench\r\n\r\n");
    while (text.length() < octets) {
      text.append(new String(LINE, StandardCharsets.US_ASCII));
    }
    return text.append(".\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static SSLSocketFactory anybody() throws Exception {
    X509TrustManager trusting =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trusting}, null);
    return context.getSocketFactory();
  }

  private static long round(SSLSocketFactory factory, int port, int messages, int sessions, byte[] message)
      throws Exception {
    AtomicInteger left = new AtomicInteger(messages);
    CountDownLatch ready = new CountDownLatch(sessions);
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Void>> done = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(sessions)) {
      for (int i = 0; i < sessions; i++) {
        done.add(
            threads.submit(
                () -> {
                  TlsLoad session = new TlsLoad(factory, port);
                  ready.countDown();
                  go.await();
                  while (left.getAndDecrement() > 0) {
                    session.send(message);
                  }
                  session.say("QUIT\r\n", "221");
                  return null;
                }));
      }
      ready.await();
      long began = System.nanoTime();
      go.countDown();
      for (Future<Void> one : done) {
        one.get();
      }
      return messages * 1_000_000_000L / (System.nanoTime() - began);
    }
  }

  public static void main(String[] args) throws Exception {
    int warmUps = Integer.parseInt(args[3]);
    int rounds = Integer.parseInt(args[4]);
    byte[] message = message(Integer.parseInt(args[2]));
    SSLSocketFactory factory = anybody();
    List<List<Long>> rates = new ArrayList<>();
    for (int i = 0; i < warmUps + rounds; i++) {
      for (int server = 5; server < args.length; server++) {
        if (i == 0) {
          rates.add(new ArrayList<>());
        }
        long rate =
            round(
                factory,
                Integer.parseInt(args[server]),
                Integer.parseInt(args[0]),
                Integer.parseInt(args[1]),
                message);
        rates.get(server - 5).add(rate);
      }
    }
    for (List<Long> server : rates) {
      System.out.println(
          server.subList(warmUps, server.size()).stream()
              .map(String::valueOf)
              .collect(Collectors.joining(" ")));
    }
  }
}
