package dev.serai.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A replica's way to the broker, which can be cut: forwards connections from one port of loopback to another, with two
 * virtual threads for each. A connection whose target does not answer is reset. Thread-safe.
 */
final class Link implements AutoCloseable {
    private static final int BACKLOG = 50;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int DIRECTIONS = 2;

    /** What a cut does to connections. */
    enum Cut {
        /**
         * Nothing gets through, and nobody is told: connections stay open, new ones come about. What was sent meanwhile
         * arrives when the cut ends, as TCP sends again what was lost.
         */
        HELD_UP,
        /**
         * As {@link #HELD_UP}, but the connections that were open when the cut began are never heard of again: what is
         * sent on them is dropped, also after the cut, and they stay open until an end closes its own side.
         */
        FORGOTTEN,
        /** Open connections are reset, and every new one as soon as it has come about. */
        RESET,
        /** Open connections are reset, new ones refused. */
        REFUSED
    }

    private final int port;
    private final int target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All guarded by the lock.
    private final Set<Connection> connections = new HashSet<>();
    private @Nullable Cut cut;
    private @Nullable ServerSocket listening;
    private boolean closed;

    private Link(int port, int target) {
        this.port = port;
        this.target = target;
    }

    /** Listens on a port; what listens on the other one may come later. */
    static Link open(int port, int target) throws IOException {
        Link link = new Link(port, target);
        link.listen();
        return link;
    }

    int port() {
        return port;
    }

    /** Connections that are open at either end; for tests. */
    int connections() {
        lock.lock();
        try {
            return connections.size();
        } finally {
            lock.unlock();
        }
    }

    /** Begins a cut, which lasts until {@link #mend}. */
    void cut(Cut how) throws IOException {
        lock.lock();
        try {
            if (cut != null) {
                throw new IllegalStateException("the link on port " + port + " is cut already: " + cut);
            }
            cut = how;
            switch (how) {
                case HELD_UP -> {}
                case FORGOTTEN -> connections.forEach(connection -> connection.forgotten = connection.server != null);
                case RESET -> resetAll();
                case REFUSED -> {
                    stopListening();
                    resetAll();
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends a cut. */
    void mend() throws IOException {
        lock.lock();
        try {
            cut = null;
            if (listening == null) {
                listen();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void listen() throws IOException {
        ServerSocket socket = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        lock.lock();
        try {
            listening = socket;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("link-" + port).start(() -> accept(socket));
    }

    private void stopListening() throws IOException {
        if (listening != null) {
            listening.close();
            listening = null;
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                begin(socket.accept());
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException("the link on port " + port + " accepts no connections", e);
                }
            }
        }
    }

    private void begin(Socket client) throws IOException {
        lock.lock();
        try {
            if (closed || cut == Cut.RESET || cut == Cut.REFUSED) {
                reset(client);
                return;
            }
            Connection connection = new Connection(client);
            connections.add(connection);
            Thread.ofVirtual().name("link-" + port + "-to").start(connection::run);
        } finally {
            lock.unlock();
        }
    }

    private void resetAll() {
        List.copyOf(connections).forEach(Connection::end);
    }

    /** Without the usual farewell: the other end is told at once, whatever is on its way. */
    private void reset(Socket socket) {
        lock.lock();
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            stopListening();
            resetAll();
            changed.signalAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private final class Connection {
        private final Socket client;

        // All guarded by the lock.
        private @Nullable Socket server;
        private boolean forgotten;
        private int endedDirections;

        Connection(Socket client) {
            this.client = client;
        }

        void run() {
            try {
                awaitPassage();
                Socket opened = new Socket();
                opened.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                if (!hasReached(opened)) {
                    reset(opened);
                    return;
                }
                Thread.ofVirtual().name("link-" + port + "-from").start(() -> forward(opened, client));
                forward(client, opened);
            } catch (IOException e) {
                // The target refused the connection, or has reset it.
                end();
            }
        }

        private boolean hasReached(Socket opened) {
            lock.lock();
            try {
                server = opened;
                return connections.contains(this);
            } finally {
                lock.unlock();
            }
        }

        /** Until one end has said all or resets the connection; the other one learns of it when there is a passage. */
        private void forward(Socket from, Socket to) {
            byte[] buffer = new byte[BUFFER_BYTES];
            boolean toItsEnd = false;
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (awaitPassage()) {
                        out.write(buffer, 0, read);
                    }
                }
                toItsEnd = awaitPassage();
                if (toItsEnd) {
                    endDirection(to);
                }
            } catch (IOException e) {
                // One of the ends has reset the connection, and the other one is to see that.
                toItsEnd = false;
            }
            if (!awaitPassage()) {
                endOneSide(from);
            } else if (!toItsEnd) {
                end();
            }
        }

        /** Waits while the link is cut; false if what this connection carries is to be dropped. */
        private boolean awaitPassage() {
            lock.lock();
            try {
                while (cut != null && !closed && !forgotten) {
                    changed.awaitUninterruptibly();
                }
                return !forgotten;
            } finally {
                lock.unlock();
            }
        }

        private void endDirection(Socket to) throws IOException {
            lock.lock();
            try {
                if (!to.isClosed()) {
                    to.shutdownOutput();
                }
                endedDirections++;
                if (endedDirections == DIRECTIONS) {
                    connections.remove(this);
                    client.close();
                    if (server != null) {
                        server.close();
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        private void endOneSide(Socket side) {
            lock.lock();
            try {
                reset(side);
                if (client.isClosed() && (server == null || server.isClosed())) {
                    connections.remove(this);
                }
            } finally {
                lock.unlock();
            }
        }

        void end() {
            lock.lock();
            try {
                connections.remove(this);
                reset(client);
                if (server != null) {
                    reset(server);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
