from django.urls import path

from oversight import api, api_bulletins, api_drafts, api_papers, api_referrals, api_scans, api_sealed_answers

urlpatterns = [
    path("red-lights/", api.RedLightList.as_view(), name="red-light-list"),
    path("bulletins/", api_bulletins.BulletinList.as_view(), name="bulletin-list"),
    path("bulletins/<uuid:pk>/", api_bulletins.BulletinDetail.as_view(), name="bulletin"),
    path("bulletins/<uuid:pk>/pdf/", api_bulletins.BulletinPdf.as_view(), name="bulletin-pdf"),
    path("notices/", api_papers.PaperList.as_view(), name="notice-list"),
    path("notices/scans/", api_scans.ScanList.as_view(), name="notice-scan-list"),
    path("notices/scans/pages/<uuid:pk>/", api_scans.ScanPageDetail.as_view(), name="notice-scan-page"),
    path("notices/drafts/", api_drafts.DraftList.as_view(), name="notice-draft-list"),
    path("notices/drafts/<uuid:pk>/", api_drafts.DraftDetail.as_view(), name="notice-draft"),
    path("notices/drafts/<uuid:pk>/moves/", api_drafts.DraftMoves.as_view(), name="notice-draft-moves"),
    path("notices/<uuid:pk>/", api_papers.PaperDetail.as_view(), name="notice"),
    path("notices/<uuid:pk>/moves/", api_papers.PaperMoves.as_view(), name="notice-moves"),
    path("notices/<uuid:pk>/withdrawal/", api_papers.PaperWithdrawals.as_view(), name="notice-withdrawal"),
    path("notices/<uuid:pk>/timeline/", api_papers.PaperTimeline.as_view(), name="notice-timeline"),
    path("notices/<uuid:pk>/pdf/", api_papers.PaperPdf.as_view(), name="notice-pdf"),
    path("notices/<uuid:pk>/receipt/", api_papers.PaperReceipt.as_view(), name="notice-receipt"),
    path("notices/<uuid:pk>/reply/", api_papers.PaperReplies.as_view(), name="notice-reply"),
    path("referrals/", api_referrals.ReferralList.as_view(), name="referral-list"),
    path("referrals/<uuid:pk>/", api_referrals.ReferralDetail.as_view(), name="referral"),
    path("referrals/<uuid:pk>/moves/", api_referrals.ReferralMoves.as_view(), name="referral-moves"),
    path("referrals/<uuid:pk>/timeline/", api_referrals.ReferralTimeline.as_view(), name="referral-timeline"),
    path("referrals/<uuid:pk>/letter/", api_referrals.ReferralLetter.as_view(), name="referral-letter"),
    path("referrals/<uuid:pk>/pack/", api_referrals.ReferralPack.as_view(), name="referral-pack"),
    path("referrals/<uuid:pk>/from-paper/", api_sealed_answers.SealedAnswers.as_view(), name="sealed-answers"),
    path(
        "referrals/<uuid:pk>/from-paper/verdict/",
        api_sealed_answers.SealedVerdict.as_view(),
        name="sealed-answer-verdict",
    ),
    path("packages/", api_referrals.PackageList.as_view(), name="package-list"),
    path("packages/series/", api_referrals.PackageSeries.as_view(), name="package-series"),
]
