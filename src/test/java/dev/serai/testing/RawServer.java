package dev.serai.testing;

import java.io.IOException;
import java.io.OutputStream;
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

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Answer answer = out -> {};
    private final ConnectionServer server = new ConnectionServer(this::serve);

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
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

    private void serve(ConnectionServer.Connection connection) throws IOException {
        if (connection.readRequest()) {
            requests.add(connection.request());
            OutputStream out = connection.socket().getOutputStream();
            answer.writeTo(out);
            out.flush();
            connection.socket().shutdownOutput();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
