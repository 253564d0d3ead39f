package io.stagepost.forwarder;

import io.stagepost.smtp.Reply;
import io.stagepost.smtp.Reply.StatusDisplay;
import io.stagepost.telemetry.LogText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What was said about one message, for its trace. Used on one event loop.
 *
 * <p>Keeps the first and the last {@link #ENDS} things said, none longer than {@link #LONGEST}
 * characters; what lies between is only counted.
 */
final class Dialogue {

  private static final int ENDS = 50;
  private static final int LONGEST = 1000;

  private final List<Said> head = new ArrayList<>();
  private final Deque<Said> tail = new ArrayDeque<>();
  private long began = System.nanoTime();
  private int left;

  /** How much of it is wanted. */
  enum Form {
    /** Enough to see how a message was taken. */
    SHORT(8, 1 << 10),
    FULL(100, 16 << 10);

    private final int lines;
    private final int characters;

    Form(int lines, int characters) {
      this.lines = lines;
      this.characters = characters;
    }
  }

  /** Who said something. */
  private enum Side {
    CLIENT(" C: "),
    SERVER(" S: "),
    NOTE(" - ");

    private final String mark;

    Side(String mark) {
      this.mark = mark;
    }
  }

  private record Said(long at, Side side, List<String> lines) {}

  /** The next message begins. */
  void begin() {
    head.clear();
    tail.clear();
    left = 0;
    began = System.nanoTime();
  }

  /** How long it took so far, in milliseconds. */
  long millis() {
    return (System.nanoTime() - began) / 1_000_000;
  }

  /** We sent a line, as it may be shown. */
  void sent(String line) {
    add(Side.CLIENT, List.of(cut(line)));
  }

  void received(Reply reply) {
    // A reply has a limit of its own, but a hundred of that size would be much.
    List<String> lines = reply.wireLines(StatusDisplay.HIDDEN);
    int characters = 0;
    int fits = 0;
    while (fits < lines.size() && characters <= LONGEST) {
      characters += lines.get(fits++).length();
    }
    add(Side.SERVER, lines.subList(0, fits).stream().map(Dialogue::cut).toList());
  }

  /** Something happened that is no line of the protocol. */
  void note(String text) {
    add(Side.NOTE, List.of(cut(text)));
  }

  private void add(Side side, List<String> lines) {
    Said said = new Said(millis(), side, lines);
    if (head.size() < ENDS) {
      head.add(said);
      return;
    }
    tail.add(said);
    if (tail.size() > ENDS) {
      left += tail.remove().lines().size();
    }
  }

  /** The lines, each with the seconds since the attempt began and who said it. */
  List<String> lines(Form form) {
    List<String> first = new ArrayList<>();
    head.forEach(said -> render(said, first));
    List<String> last = new ArrayList<>();
    tail.forEach(said -> render(said, last));
    List<String> all = new ArrayList<>(first);
    all.addAll(last);
    int characters = all.stream().mapToInt(String::length).sum();
    if (left == 0 && all.size() <= form.lines && characters <= form.characters) {
      return all;
    }
    // With a gap in between, each end is taken from its own side of it.
    int begin = fitting(left == 0 ? all : first, form);
    List<String> behind = left == 0 ? all.subList(begin, all.size()) : last;
    int end = fitting(behind.reversed(), form);
    List<String> shown = new ArrayList<>(all.subList(0, begin));
    shown.add("[" + (left + all.size() - begin - end) + " line(s) left out]");
    shown.addAll(all.subList(all.size() - end, all.size()));
    return shown;
  }

  /** How many lines fit into half of the room. */
  private static int fitting(List<String> lines, Form form) {
    int characters = 0;
    int count = 0;
    while (count < lines.size() && count < form.lines / 2) {
      characters += lines.get(count).length();
      if (characters > form.characters / 2) {
        break;
      }
      count++;
    }
    return count;
  }

  private static void render(Said said, List<String> into) {
    String millis = Long.toString(1000 + said.at() % 1000).substring(1);
    String prefix = said.at() / 1000 + "." + millis + said.side().mark;
    said.lines().forEach(line -> into.add(prefix + LogText.escape(line)));
  }

  private static String cut(String line) {
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
