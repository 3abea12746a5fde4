package dev.serai.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server on the loopback whose behaviour is written per connection, not per request. Thread-safe. */
public final class ConnectionServer implements AutoCloseable {
    /** What a connection is used for; it is closed when this returns. */
    @FunctionalInterface
    public interface Script {
        void play(Connection connection) throws IOException, InterruptedException;
    }

    /** The server's end of a connection. */
    public final class Connection {
        private final Socket socket;
        private final InputStream in;
        private String request = "";
        private byte[] body = {};

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
        }

        public Socket socket() {
            return socket;
        }

        /** Waits for a request and notes it; false: the client has closed the connection. */
        public boolean readRequest() throws IOException {
            String head = head(in);
            if (head.isEmpty()) {
                return false;
            }
            body = in.readNBytes(contentLength(head));
            request = head;
            requests.add(head);
            return true;
        }

        /** The head of the latest request. */
        public String request() {
            return request;
        }

        /** The body of the latest request. */
        public String body() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** Sends text in ISO 8859-1; its line breaks become CRLF. */
        public void write(String text) throws IOException {
            socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /** Sends what comes from each end to the other until one of them closes. */
        public void joinWith(Socket other) throws IOException, InterruptedException {
            Thread back = Thread.ofVirtual().start(() -> {
                try {
                    other.getInputStream().transferTo(socket.getOutputStream());
                    socket.shutdownOutput();
                } catch (IOException e) {
                    // One of them has gone.
                }
            });
            in.transferTo(other.getOutputStream());
            other.shutdownOutput();
            back.join();
        }
    }

    private final ServerSocket server;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public ConnectionServer(Script script) {
        this(null, script);
    }

    /** With TLS, unless {@code tls} is null. */
    public ConnectionServer(@Nullable SSLContext tls, Script script) {
        this.script = script;
        try {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            server = tls == null
                    ? new ServerSocket(0, 50, loopback)
                    : tls.getServerSocketFactory().createServerSocket(0, 50, loopback);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** A proxy that does what {@code CONNECT} asks for, with servers on the loopback. */
    public static ConnectionServer proxy() {
        return new ConnectionServer(connection -> {
            connection.readRequest();
            String asked = connection.request();
            int port = Integer.parseInt(asked.substring(asked.indexOf(':') + 1, asked.indexOf(" HTTP/1.1")));
            try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
                connection.write("HTTP/1.1 200 Connected\n\n");
                connection.joinWith(target);
            }
        });
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The heads of the requests so far. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** How many connections there were so far. */
    public int connections() {
        return sockets.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.play(new Connection(socket));
        } catch (IOException | InterruptedException e) {
            // The client has gone, or the test is over.
        }
    }

    /** The head of a request, up to the empty line; what there is of it if the client has gone. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** As a head says it; 0 if it does not. */
    private static int contentLength(String head) {
        return head.lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith("content-length:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
