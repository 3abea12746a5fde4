package dev.serai.connect.gate;

import java.util.Locale;

/** Why no call may begin. */
public enum HoldReason {
    /** As many calls are under way as may be. */
    CONCURRENCY("as many calls are under way as may be"),
    /** As many sessions are known to be open, or about to be, as may be. */
    SESSIONS("as many sessions are open as max-sessions allows"),
    /** The next call is not due yet. */
    RATE("the rate of calls is used up"),
    /** What is free is kept for live callers: for batch events alone. */
    RESERVE("what is free is kept for live callers"),
    /** The provider said that it is busy, or for how long to stay away. */
    COOL_DOWN("the provider is busy"),
    /** The provider fails as a whole. */
    OUTAGE("the provider fails"),
    /** The provider refuses the credentials. */
    CREDENTIALS("the provider refuses the credentials"),
    /** What the plan allows altogether, mostly in a month, is used up. */
    QUOTA("the provider's plan is used up");

    private final String text;

    HoldReason(String text) {
        this.text = text;
    }

    /** Whether it lasts until somebody has changed something about the account, so that nothing can be answered. */
    public boolean isByAccount() {
        return this == CREDENTIALS || this == QUOTA;
    }

    /** Whether it is for what the provider did. */
    boolean isByProvider() {
        return switch (this) {
            case COOL_DOWN, OUTAGE, CREDENTIALS, QUOTA -> true;
            case CONCURRENCY, SESSIONS, RATE, RESERVE -> false;
        };
    }

    /** For people. */
    public String text() {
        return text;
    }

    /** For metrics and health details, such as {@code cool_down}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
