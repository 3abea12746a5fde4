package dev.serai.trial.standin;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The scripts that are not used up, oldest first. Thread-safe: one lock, held for a walk over the list. */
final class FaultBook {

    private final List<Entry> entries = new ArrayList<>();

    synchronized void add(FaultScript script) {
        entries.add(new Entry(script));
    }

    synchronized void clear() {
        entries.clear();
    }

    /** The fault for this call, or null for none; counts as one use of its script. */
    synchronized @Nullable Fault take(String path, @Nullable String characterId) {
        for (Iterator<Entry> each = entries.iterator(); each.hasNext(); ) {
            Entry entry = each.next();
            if (entry.script.fits(path, characterId)) {
                if (entry.useOnce()) {
                    each.remove();
                }
                return entry.script.fault();
            }
        }
        return null;
    }

    /** What is left: {@code times} of each script is what remains of it. */
    synchronized List<FaultScript> left() {
        return entries.stream().map(Entry::left).toList();
    }

    private static final class Entry {
        private final FaultScript script;
        private int used;

        private Entry(FaultScript script) {
            this.script = script;
        }

        /** True when that was the last use. */
        private boolean useOnce() {
            used++;
            return script.times() != null && used >= script.times();
        }

        private FaultScript left() {
            Integer times = script.times();
            return times == null
                    ? script
                    : new FaultScript(script.path(), script.characterId(), times - used, script.fault());
        }
    }
}
