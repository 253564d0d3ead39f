package io.stagepost.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Settings that may be replaced as a whole while they are in use.
 *
 * <p>Who does something that takes a while, such as a session, asks once at its beginning and keeps
 * what it got. Thread-safe.
 *
 * @param <T> immutable, and equal to another when they mean the same
 */
public final class Live<T> implements Supplier<T> {

  private final List<Consumer<? super T>> followers = new CopyOnWriteArrayList<>();
  private volatile T value;

  private Live(T value) {
    this.value = value;
  }

  /** Settings that begin with these. */
  public static <T> Live<T> of(T value) {
    return new Live<>(value);
  }

  @Override
  public T get() {
    return value;
  }

  /** Replaces them and tells all who follow, unless they are equal to those that hold. */
  public synchronized void set(T next) {
    if (!next.equals(value)) {
      value = next;
      followers.forEach(follower -> follower.accept(next));
    }
  }

  /**
   * Has somebody told of each replacement, on the thread that makes it.
   *
   * @return what ends that
   */
  public Runnable follow(Consumer<? super T> follower) {
    followers.add(follower);
    return () -> followers.remove(follower);
  }

  /** A part of them, which follows for as long as the whole is in use. */
  public synchronized <R> Live<R> map(Function<? super T, ? extends R> part) {
    Live<R> mapped = new Live<>(part.apply(value));
    follow(next -> mapped.set(part.apply(next)));
    return mapped;
  }
}
