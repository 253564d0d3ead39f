import io.stagepost.spool.Claim;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.spool.file.FileSpool;
import io.stagepost.spool.file.FileSpoolOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Opens the spool of a directory and prints a row of a Markdown table for each kind of access. Run
 * from source with the distribution's libraries on the class path.
 */
public class SpoolAccess {

  private static final int PAGE = 100;
  private static final int PAGES = 200;
  private static final int CLAIMS = 1000;

  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    Spool spool = FileSpool.create(vertx, FileSpoolOptions.defaults(Path.of(arguments[0])));
    row("open the spool", 1, () -> await(spool.open()));
    List<Spool.Entry> first = await(spool.list(Spool.State.READY, null, CLAIMS));
    row("list a page of " + PAGE, PAGES, () -> list(spool));
    row("count", 1, () -> spool.count(Spool.State.READY));
    row("claim and release a message", first.size(), () -> claim(spool, first));
    await(spool.close());
    await(vertx.close());
  }

  private static Object list(Spool spool) {
    MessageId after = null;
    for (int i = 0; i < PAGES; i++) {
      List<Spool.Entry> page = await(spool.list(Spool.State.READY, after, PAGE));
      after = page.isEmpty() ? null : page.getLast().id();
    }
    return spool;
  }

  private static Object claim(Spool spool, List<Spool.Entry> entries) {
    for (Spool.Entry entry : entries) {
      Claim claim = await(spool.claim(entry.id()));
      await(claim.release());
    }
    return spool;
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private static void row(String what, int times, Callable<?> work) throws Exception {
    long began = System.nanoTime();
    work.call();
    double each = (System.nanoTime() - began) / 1e6 / times;
    System.out.printf("| %s | %.3f ms | | | |%n", what, each);
  }
}
