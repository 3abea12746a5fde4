package dev.serai.trial.guarantee;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When all is done, the group's committed offsets are the ends of the start topic: nothing would be read again, and nothing
 * was skipped.
 *
 * @param partitions of the start topic, as they were seen after the last reply
 */
public record CommittedToTheEnd(SortedMap<Integer, Position> partitions) implements Guarantee {

    /**
     * How far one partition came.
     *
     * @param end the offset that its next record would have
     * @param committed the offset that the group would read next; null if it has committed none
     */
    public record Position(long end, @Nullable Long committed) {
        private boolean isAtTheEnd() {
            return committed == null ? end == 0 : committed == end;
        }
    }

    public CommittedToTheEnd {
        partitions = new TreeMap<>(partitions);
    }

    @Override
    public String promise() {
        return "offsets are committed up to the end";
    }

    public boolean isKept() {
        return partitions.values().stream().allMatch(Position::isAtTheEnd);
    }

    @Override
    public List<String> breaches(History history) {
        return partitions.entrySet().stream()
                .filter(partition -> !partition.getValue().isAtTheEnd())
                .map(partition -> "partition " + partition.getKey() + " of the start topic is committed up to "
                        + (partition.getValue().committed() == null
                                ? "nothing"
                                : partition.getValue().committed()) + " and ends at "
                        + partition.getValue().end())
                .toList();
    }
}
