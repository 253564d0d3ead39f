package io.stagepost.deploy;

import java.lang.reflect.Proxy;

/**
 * The signal that by custom has a process read its configuration again.
 *
 * <p>Java has no other way to it than {@code sun.misc.Signal}, which every JDK has but the compiler
 * warns of: so it is looked up.
 */
final class HangUp {

  private HangUp() {}

  /**
   * Has it do something instead of ending the process.
   *
   * @throws ReflectiveOperationException when this virtual machine can't do that
   */
  static void handle(Runnable action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object ours =
        Proxy.newProxyInstance(
            HangUp.class.getClassLoader(),
            new Class<?>[] {handler},
            (proxy, method, arguments) -> {
              action.run();
              return null;
            });
    Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
    signal.getMethod("handle", signal, handler).invoke(null, hangUp, ours);
  }
}
