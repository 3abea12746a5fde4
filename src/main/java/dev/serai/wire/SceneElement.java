package dev.serai.wire;

/** One thing in the scene, as the Connect API's {@code scene_description} holds it. */
public record SceneElement(String name, String description) {

    /** The name only: the description may hold personal data. */
    @Override
    public String toString() {
        return "SceneElement[" + name + "]";
    }
}
