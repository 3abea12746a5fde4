package dev.serai.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * What comes in on a connection. Of an answer no more is read than is allowed, and it can be asked whether anything has
 * come without waiting for it. For one thread at a time.
 */
final class AnswerInput extends InputStream {
    private final Socket socket;
    private final Socket transport;
    private long allowed;
    private boolean looking;

    /** As it should be, several times in each call; so without a stack, which would hold all the steps of its event. */
    private static final class NothingHasCome extends SocketTimeoutException {
        private static final long serialVersionUID = 1;

        NothingHasCome() {
            super("nothing has come");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /**
     * @param socket that is read, once it is connected
     * @param transport the same, or what is below its TLS
     */
    AnswerInput(Socket socket, Socket transport) {
        this.socket = socket;
        this.transport = transport;
    }

    /** So much may be read from now on. */
    void allow(long bytes) {
        allowed = bytes;
    }

    /** From now on a read fails as if it had waited in vain where it would have to wait. */
    void beginLook() {
        looking = true;
    }

    void endLook() {
        looking = false;
    }

    @Override
    public int read() throws IOException {
        return readOne(this);
    }

    /** A byte, for a stream that is written to read several. */
    static int readOne(InputStream in) throws IOException {
        byte[] one = new byte[1];
        return in.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        InputStream in = socket.getInputStream();
        int most = length;
        if (looking) {
            // Below TLS there can be what is no answer, such as a session ticket: reading it ends after the socket's
            // time-out.
            if (in.available() == 0 && transport.getInputStream().available() == 0) {
                throw new NothingHasCome();
            }
        } else {
            if (allowed <= 0) {
                throw new AnswerRefusedException("it is longer than is read of an answer");
            }
            most = (int) Math.min(length, allowed);
        }
        int read = in.read(bytes, offset, most);
        allowed -= Math.max(0, read);
        return read;
    }

    @Override
    public int available() throws IOException {
        return socket.getInputStream().available();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
