package dev.serai.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one call. It takes for the answer what comes once the request is written to its end and has nothing
 * behind it, and reads no more of it than {@link AnswerBounds} says:
 *
 * <ul>
 *   <li>Before each piece of a request is written, it looks for what has come, without waiting. If anything has, the call
 *       ends in a {@link NothingSentException}, as the request was not written to its end. That could be what a proxy said
 *       in the clear, before there was TLS.
 *   <li>An answer after which more has come already is refused, as nobody can tell which of the two is the answer. Line
 *       breaks are passed over.
 * </ul>
 *
 * <p>Nothing of what comes or goes is logged, at any level. For one thread at a time, but for closing.
 */
final class BoundedConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {
    private static final Timeout LOOK = Timeout.ofMilliseconds(1);

    /** Told of answers that nobody asked for. */
    @FunctionalInterface
    interface SurplusListener {
        void surplus();
    }

    private final AnswerBounds bounds;
    private final SurplusListener listener;
    private final AtomicBoolean closed = new AtomicBoolean();
    private Timeout socketTimeout = Timeout.INFINITE;
    private @Nullable AnswerInput input;
    private int interimAnswers;
    private boolean answered;

    BoundedConnection(AnswerBounds bounds, SurplusListener listener) {
        super(bounds.lines(), null, null, null, null, null, ignored -> new AnswerParser(bounds));
        this.bounds = bounds;
        this.listener = listener;
    }

    /** A socket whose two streams are this connection's. */
    private final class Watched extends SocketHolder {
        private final AnswerInput in;

        Watched(Socket socket) {
            super(socket);
            in = new AnswerInput(socket, socket);
        }

        Watched(SSLSocket socket, Socket transport) {
            super(socket, transport);
            in = new AnswerInput(socket, transport);
        }

        @Override
        protected InputStream getInputStream(Socket socket) {
            return in;
        }

        @Override
        protected OutputStream getOutputStream(Socket socket) throws IOException {
            return new RequestOutput(socket.getOutputStream(), BoundedConnection.this::requireSilence);
        }
    }

    @Override
    public void bind(Socket socket) throws IOException {
        bind(new Watched(socket));
    }

    /** What came before TLS was there stays in the buffer, and keeps any request from being written. */
    @Override
    public void bind(SSLSocket secured, Socket socket) throws IOException {
        bind(new Watched(secured, socket));
    }

    private void bind(Watched socket) throws IOException {
        if (closed.get()) {
            // By whoever bounds the call's time, while it was connecting.
            socket.getSocket().close();
            throw new InterruptedIOException("the call is over");
        }
        input = socket.in;
        super.bind(socket);
        socketTimeout = Timeout.ofMilliseconds(socket.getSocket().getSoTimeout());
    }

    @Override
    public @Nullable Socket getSocket() {
        SocketHolder socket = getSocketHolder();
        return socket == null ? null : socket.getSocket();
    }

    private boolean hasSomethingToRead() throws IOException {
        AnswerInput in = input;
        if (in == null) {
            return false;
        }
        in.beginLook();
        try {
            return isDataAvailable(LOOK);
        } finally {
            in.endLook();
        }
    }

    private void requireSilence() throws IOException {
        if (hasSomethingToRead()) {
            listener.surplus();
            throw new NothingSentException("something came before the request was complete", true);
        }
    }

    @Override
    public void passivate() {
        super.setSocketTimeout(Timeout.INFINITE);
    }

    @Override
    public void activate() {
        super.setSocketTimeout(socketTimeout);
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {
        super.setSocketTimeout(timeout);
        socketTimeout = timeout;
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            super.close();
        }
    }

    /** HttpClient resets a connection that it does not keep; after an answer there is no reason to. */
    @Override
    public void close(CloseMode mode) {
        if (closed.compareAndSet(false, true)) {
            super.close(answered ? CloseMode.GRACEFUL : mode);
        }
    }

    private void allow(long bytes) {
        if (input != null) {
            input.allow(bytes);
        }
    }

    @Override
    public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
        interimAnswers = 0;
        allow(AnswerBounds.HEAD_BYTES);
        super.sendRequestHeader(request);
    }

    @Override
    public ClassicHttpResponse receiveResponseHeader() throws HttpException, IOException {
        ClassicHttpResponse response;
        try {
            response = super.receiveResponseHeader();
        } catch (MessageConstraintException e) {
            throw tooLong();
        } catch (HttpException e) {
            throw new AnswerRefusedException("its head is no HTTP/1.1");
        }
        if (response.getCode() == HttpStatus.SC_SWITCHING_PROTOCOLS) {
            throw new AnswerRefusedException("it goes on in another protocol, which nobody asked for");
        }
        if (response.getCode() < HttpStatus.SC_OK && ++interimAnswers > AnswerBounds.INTERIM_ANSWERS) {
            throw new AnswerRefusedException("more than " + AnswerBounds.INTERIM_ANSWERS + " interim answers came");
        }
        return response;
    }

    private static AnswerRefusedException tooLong() {
        return new AnswerRefusedException("it has a line of more than " + AnswerBounds.LINE_BYTES
                + " bytes, or more than " + AnswerBounds.HEADERS + " headers or trailers");
    }

    @Override
    protected InputStream createContentInputStream(long length, SessionInputBuffer buffer, InputStream in) {
        allow(bounds.transferBytes());
        return new Body(super.createContentInputStream(length, buffer, in), buffer, in);
    }

    /** The answer's body: at its end, nothing may be behind it. */
    private final class Body extends FilterInputStream {
        private final SessionInputBuffer buffer;
        private final InputStream connection;
        private boolean ended;

        Body(InputStream body, SessionInputBuffer buffer, InputStream connection) {
            super(body);
            this.buffer = buffer;
            this.connection = connection;
        }

        @Override
        public int read() throws IOException {
            return AnswerInput.readOne(this);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                int read = super.read(bytes, offset, length);
                if (read < 0 && !ended) {
                    ended = true;
                    requireNothingBehind();
                }
                return read;
            } catch (MessageConstraintException e) {
                throw tooLong();
            }
        }

        private void requireNothingBehind() throws IOException {
            while (hasSomethingToRead() && buffer.length() > 0) {
                int next = buffer.read(connection);
                if (next != '\r' && next != '\n') {
                    listener.surplus();
                    throw new AnswerRefusedException("more came behind it, and either may be another request's");
                }
            }
            answered = true;
        }
    }
}
