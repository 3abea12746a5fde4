package dev.serai.route;

/** The exchange properties that the routes share. */
final class ExchangeKeys {
    /** The {@link Conversation} that the exchange works on. */
    static final String CONVERSATION = "serai.conversation";

    /** The {@link ConnectCall} that the connect route works on. */
    static final String CONNECT_CALL = "serai.connect-call";

    private ExchangeKeys() {}
}
