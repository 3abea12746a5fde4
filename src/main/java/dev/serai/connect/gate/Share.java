package dev.serai.connect.gate;

/**
 * A replica's part of what the fleet may do: as large as its part of the start topic's partitions. No coordination is
 * needed for it, because the consumer group gives each partition to one replica.
 *
 * @param partitions that the replica owns
 * @param of how many there are, at least 1
 */
public record Share(int partitions, int of) {

    /** All of it. */
    public static final Share WHOLE = new Share(1, 1);

    public Share {
        if (of < 1 || partitions < 0 || partitions > of) {
            throw new IllegalArgumentException(
                    "a share is 0 to all of at least 1 partitions, was " + partitions + " of " + of);
        }
    }

    /** The part of a number that is counted in wholes: rounded up, and at least 1. */
    int of(int fleet) {
        return (int) Math.max(1, Math.ceilDiv((long) fleet * partitions, of));
    }

    /** The part of a rate; a replica without partitions begins nothing, and is given one partition's part. */
    double of(double fleet) {
        return fleet * Math.max(1, partitions) / of;
    }
}
