from django.urls import path

from oversight import views_bulletins
from oversight.views import board as views
from oversight.views import drafts, packs, papers, referrals, scans, sealed_answers, trend

app_name = "oversight"
urlpatterns = [
    path("red-lights/", views.board, name="board"),
    path("red-lights/figures/", views.figures, name="figures"),
    path("red-lights/rows/", views.rows, name="rows"),
    path("red-lights/trend/", trend.trend, name="trend"),
    path("red-lights/trend/chart/", trend.chart, name="trend-chart"),
    path("red-lights/turned/", trend.turned, name="turned"),
    path("bulletins/", views_bulletins.bulletin_list, name="bulletins"),
    path("bulletins/order/", views_bulletins.bulletin_order, name="bulletin-order"),
    path("bulletins/<uuid:pk>/", views_bulletins.bulletin, name="bulletin"),
    path("bulletins/<uuid:pk>/sheet/", views_bulletins.bulletin_sheet, name="bulletin-sheet"),
    path("bulletins/<uuid:pk>/pdf/", views_bulletins.bulletin_pdf, name="bulletin-pdf"),
    path("notices/", papers.paper_list, name="papers"),
    path("notices/print/", scans.print_stack, name="paper-stack"),
    path("notices/scans/", scans.scans, name="scans"),
    path("notices/scans/pages/<uuid:pk>/", scans.scan_page, name="scan-page"),
    path("notices/drafts/", drafts.draft_list, name="drafts"),
    path("notices/drafts/new/", drafts.draft_new, name="draft-new"),
    path("notices/drafts/<uuid:pk>/", drafts.draft, name="draft"),
    path("notices/drafts/<uuid:pk>/moves/", drafts.draft_move, name="draft-move"),
    path("notices/<uuid:pk>/", papers.paper, name="paper"),
    path("notices/<uuid:pk>/pdf/", papers.paper_pdf, name="paper-pdf"),
    path("notices/<uuid:pk>/moves/", papers.paper_move, name="paper-move"),
    path("notices/<uuid:pk>/withdrawal/", papers.paper_withdrawal, name="paper-withdrawal"),
    path("referrals/", referrals.referral_list, name="referrals"),
    path("referrals/<uuid:pk>/", referrals.referral, name="referral"),
    path("referrals/<uuid:pk>/moves/", referrals.referral_move, name="referral-move"),
    path("referrals/<uuid:pk>/letter/", packs.letter, name="referral-letter"),
    path("referrals/<uuid:pk>/pack/", packs.pack, name="referral-pack"),
    path("referrals/<uuid:pk>/from-paper/", sealed_answers.enter, name="sealed-answer"),
    path("referrals/<uuid:pk>/from-paper/<str:verdict>/", sealed_answers.judge, name="sealed-answer-verdict"),
    path("packages/", referrals.package_list, name="packages"),
]
