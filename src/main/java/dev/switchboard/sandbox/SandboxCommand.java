package dev.switchboard.sandbox;

import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Runs the sandbox alone: {@code ./switchboard sandbox --port 9900}. */
public final class SandboxCommand {

    private SandboxCommand() {}

    /** Runs until the process is stopped. Status 2 means wrong arguments, 1 a port that is taken or a wrong file. */
    public static void main(String[] arguments) throws InterruptedException {
        int port = 9900;
        Optional<Path> routes = Optional.empty();
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        try {
            while (!rest.isEmpty()) {
                switch (rest.pop()) {
                    case "--port" -> port = port(rest.poll());
                    case "--routes" -> routes = Optional.ofNullable(rest.poll()).map(Path::of);
                    default ->
                        throw new IllegalArgumentException("usage: ./switchboard sandbox [--port N] [--routes DIR]");
                }
            }
        } catch (IllegalArgumentException e) {
            fail(2, e.getMessage());
        }
        run(port, routes);
    }

    private static void run(int port, Optional<Path> routes) throws InterruptedException {
        try {
            Collection<Vendor> vendors = Vendor.readAll(RouteFolder.read(routes));
            Sandbox sandbox = Sandbox.start(vendors, port);
            print(vendors, sandbox.port(), System.out);
            new CountDownLatch(1).await();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            fail(1, e.getMessage());
        }
    }

    private static void print(Collection<Vendor> vendors, int port, PrintStream out) {
        out.println("# The sandbox listens on http://127.0.0.1:" + port + ". A bus with these settings talks to it:");
        Sandbox.settings(vendors, port).forEach((name, value) -> out.println(name + "=" + value));
        out.flush();
    }

    private static int port(@Nullable String text) {
        if (text == null || !text.matches("\\d{1,5}") || Integer.parseInt(text) > 65535) {
            throw new IllegalArgumentException("--port needs a number up to 65535");
        }
        return Integer.parseInt(text);
    }

    private static void fail(int status, @Nullable String why) {
        System.err.println(why);
        System.exit(status);
    }
}
