package dev.serai.settings;

import dev.serai.settings.Key.Flat;
import dev.serai.settings.Key.Text;
import org.jspecify.annotations.Nullable;

/** Where scenes and dynamic info are looked up, and how much of them is used. */
public record EnrichSettings(
        @Key(is = Kind.WORD_OR_NONE, or = "none")
        @Text("Name of the source in which `scene_ref` is looked up; `none`: it is not.")
        @Nullable
        String sceneSource,

        @Key(is = Kind.WORD_OR_NONE, or = "none")
        @Text("Name of the source in which `context_ref` is looked up; `none`: it is not.")
        @Nullable
        String dynamicInfoSource,

        @Flat Limits limits) {
    /** How much of what sources say is used. */
    public record Limits(
            @Key(or = "50", in = "1 to 1000")
            @Text("Elements of the whole scene; what the event brings itself counts but is never cut.")
            int maxSceneElements,

            @Key(or = "100", in = "1 to 1000") @Text("A longer name of an element that a source found is cut.")
            int maxNameCharacters,

            @Key(or = "1000", in = "1 to 20000") @Text("A longer description of an element that a source found is cut.")
            int maxDescriptionCharacters,

            @Key(or = "10000", in = "1 to 200000")
            @Text("Names and descriptions of the whole scene together; what the event brings itself counts but is"
                    + " never cut.")
            int maxSceneCharacters,

            @Key(or = "10000", in = "1 to 200000")
            @Text("The whole text of the dynamic information; what the event brings itself counts but is never"
                    + " cut.")
            int maxTextCharacters) {}
}
