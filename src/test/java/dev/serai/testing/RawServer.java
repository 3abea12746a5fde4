package dev.serai.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that answers any bytes at all, also such as are no HTTP. Thread-safe. */
public final class RawServer implements AutoCloseable {
    /** Writes an answer. */
    public interface Answer {
        void writeTo(OutputStream out) throws IOException;
    }

    private final ServerSocket socket;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Answer answer = out -> {};

    public RawServer() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** What every request is answered from now on; the connection is closed then. */
    public void answer(Answer newAnswer) {
        requests.clear();
        answer = newAnswer;
    }

    /** {@link #answer(Answer)} with text in ISO 8859-1; its line breaks become CRLF. */
    public void answer(String text) {
        byte[] bytes = text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        answer(out -> out.write(bytes));
    }

    /** The heads of the requests since the last {@code answer}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            String head = ConnectionServer.head(in);
            in.readNBytes(ConnectionServer.contentLength(head));
            requests.add(head);
            answer.writeTo(connection.getOutputStream());
            connection.getOutputStream().flush();
            connection.shutdownOutput();
        } catch (IOException e) {
            // The client has gone, as some of the tests want it.
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
