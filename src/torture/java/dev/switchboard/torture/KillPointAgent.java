package dev.switchboard.torture;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.lang.instrument.Instrumentation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/**
 * Goes into the process that will be killed, so that the program itself needs no hook: the thread that comes to a point for
 * the n-th time says so and stays there for ever. The kill is a real one, from outside.
 */
public final class KillPointAgent {

    /** What is printed when the point is reached. */
    static final String REACHED = "KILL-POINT ";

    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private static final AtomicInteger LEFT = new AtomicInteger();
    private static volatile String name = "";

    private KillPointAgent() {}

    /** Called by the JVM before the program starts. */
    public static void premain(String argument, Instrumentation instrumentation) {
        String[] point = argument.split(";", -1);
        name = point[0];
        LEFT.set(Integer.parseInt(point[4]));
        Class<?> advice = point[3].equals("EXIT") ? OnExit.class : OnEnter.class;
        new AgentBuilder.Default()
                .type(named(point[1]))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(advice).on(named(point[2]))))
                .installOn(instrumentation);
    }

    /** Called at each passing of the point. */
    public static void pass() throws InterruptedException {
        if (LEFT.decrementAndGet() == 0) {
            System.err.println(REACHED + name);
            NEVER.await();
        }
    }

    /** Copied into the method. The program's class loaders do not know this class, the system's does. */
    static final class OnEnter {

        private OnEnter() {}

        @Advice.OnMethodEnter
        static void enter() throws ReflectiveOperationException {
            ClassLoader.getSystemClassLoader()
                    .loadClass("dev.switchboard.torture.KillPointAgent")
                    .getMethod("pass")
                    .invoke(null);
        }
    }

    /** The same at the end of the method. */
    static final class OnExit {

        private OnExit() {}

        @Advice.OnMethodExit
        static void exit() throws ReflectiveOperationException {
            ClassLoader.getSystemClassLoader()
                    .loadClass("dev.switchboard.torture.KillPointAgent")
                    .getMethod("pass")
                    .invoke(null);
        }
    }
}
