package dev.serai.engine;

/** Does to a delivery what the end of its log does, or of its partition, for tests of those who hold it. */
public final class DroppedDelivery {
    private DroppedDelivery() {}

    /** Its log was cut: its record is gone. */
    public static void cut(Delivery delivery) {
        delivery.drop();
    }

    /** Its partition goes to another owner. */
    public static void revoke(Delivery delivery) {
        delivery.revoke();
    }
}
