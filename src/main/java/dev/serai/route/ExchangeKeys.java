package dev.serai.route;

/** The exchange properties that the routes share. */
final class ExchangeKeys {
    /** The {@link Conversation} that the exchange works on. */
    static final String CONVERSATION = "serai.conversation";

    /** The {@link ConnectCall} that the connect route works on. */
    static final String CONNECT_CALL = "serai.connect-call";

    /** When a look-up began: {@code System.nanoTime()}. */
    static final String LOOK_UP_BEGUN = "serai.look-up-begun";

    private ExchangeKeys() {}
}
