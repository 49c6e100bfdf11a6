package dev.switchboard.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The way of one instance to the database, which can be cut: then nothing arrives, on either side, and no one is told. */
final class DatabaseProxy implements AutoCloseable {

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition passable = lock.newCondition();
    private final String host;
    private final int port;
    private boolean cut;

    DatabaseProxy(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        inBackground(this::acceptAll);
    }

    int port() {
        return door.getLocalPort();
    }

    void cut(boolean now) {
        lock.lock();
        try {
            cut = now;
            passable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inBackground(Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        return; // one end is closed, and with it the other
                    }
                },
                "database-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() throws IOException {
        while (true) {
            Socket client = door.accept();
            inBackground(() -> connect(client));
        }
    }

    private void connect(Socket client) throws IOException {
        passes();
        try (client;
                Socket server = new Socket(host, port)) {
            inBackground(() -> pass(server, client));
            pass(client, server);
        }
    }

    private void pass(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var bytes = new byte[8192];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                passes();
                out.write(bytes, 0, read);
                out.flush();
            }
            passes(); // that an end is closed does not arrive either
        }
    }

    private void passes() {
        lock.lock();
        try {
            while (cut) {
                passable.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        cut(false);
        door.close();
    }
}
