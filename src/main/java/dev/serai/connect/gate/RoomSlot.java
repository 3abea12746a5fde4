package dev.serai.connect.gate;

/**
 * The slot of the plan that a call's room takes, as the gate knows it, until it is settled. Immutable and thread-safe.
 *
 * @param gate through which the call went
 */
public record RoomSlot(Gate gate, Permit permit) {
    /** Whoever counts open sessions counts this one from now on, or it is over. Again without effect. */
    public void settle() {
        gate.roomSettled(permit);
    }
}
