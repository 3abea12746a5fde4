package dev.serai.operate.explain;

import dev.serai.operate.letters.ReadRecord;
import dev.serai.wire.OriginalRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Looks for raw records that name an event of which nothing is on the start topic. For one thread. */
record RawLook(Sight sight) {
    /** Of an intake: a short id can be in many. */
    private static final int MOST = 5;

    void findRaw(Named named) throws InterruptedException {
        for (Map.Entry<String, String> intake : new TreeMap<>(sight.deployment().intakes()).entrySet()) {
            sight.where(intake.getValue(), () -> findRaw(named, intake));
        }
    }

    private void findRaw(Named named, Map.Entry<String, String> intake) throws InterruptedException {
        List<Extent> extents = sight.brokers().extents(intake.getValue(), sight.since());
        if (!extents.isEmpty()) {
            Deque<RawSeen> found = new ArrayDeque<>();
            sight.findings().looked.add(sight.committed().since("raw records that name it", extents, read -> {
                OriginalRecord raw = ReadRecord.original(read);
                boolean isNamed = named.isIn(raw) || raw.position().equals(named.id());
                if (isNamed) {
                    found.add(new RawSeen(Position.of(read), raw.timestamp(), intake.getKey(), false));
                    if (found.size() > MOST) {
                        found.removeFirst();
                    }
                }
                return isNamed;
            }));
            for (RawSeen raw : found) {
                sight.findings().raw.add(raw.asOf(group(intake.getKey(), raw.at(), extents)));
            }
        }
    }

    private GroupSeen group(String intake, Position at, List<Extent> extents) throws InterruptedException {
        Extent extent = extents.stream()
                .filter(each -> each.partition().equals(at.topicPartition()))
                .findFirst()
                .orElseThrow();
        return sight.brokers().group(sight.deployment().intakeGroup(intake), extent);
    }
}
