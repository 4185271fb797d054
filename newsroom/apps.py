"""App configuration."""

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "编辑部"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save, pre_save

        from . import (  # noqa: F401
            checks,
            circulating,
            dressing,
            inline_scripts,
            labels,
            photo_policy,
            recording_policy,
        )

        for saved in (post_save, post_delete):
            saved.connect(circulating.changed, sender=self.get_model("CirculationSettings"))
            saved.connect(dressing.changed, sender=self.get_model("Occasion"))
        pre_save.connect(dressing.remember, sender=self.get_model("Occasion"))
        labels.label_fields()
        inline_scripts.forbid_inline_scripts()
        photo_policy.register()
        recording_policy.register()
