package dev.serai.connect.gate;

/** How far failures reach at the moment that a call has failed, and with it whether its event is to blame. */
public enum Spread {
    /** Calls of others are answered, or nobody else has called: the failure is the event's own. */
    THIS_EVENT,
    /** Calls of others fail, too, and none was answered since; or nothing was sent, whoever called. */
    OTHERS_TOO,
    /** The provider fails as a whole, and calls are held back. */
    EVERYBODY
}
